import { readFileSync } from 'node:fs'
import { DEFAULT_POLICY } from '../engine/defaults.js'
import type { Policy } from '../engine/policy.js'
import { loadPolicy } from '../policy/load.js'
import { formatErrors } from '../policy/problem.js'
import type { ComposeOptions } from '../verify/compose.js'
import type { CreateGateOptions } from './options.js'

/** The policy as given, with the text that is kept in the ledger as its version. */
export function readPolicyOption(
  given: CreateGateOptions['policy'],
): Pick<ComposeOptions, 'policy' | 'policyText' | 'policyBy'> {
  if (given === undefined) return { policy: DEFAULT_POLICY, policyBy: 'default' }
  if (typeof given === 'string') return fromText(given, 'policy', 'code')
  if ('file' in given) return fromText(readText(String(given.file)), String(given.file), 'file')
  if ('fallback' in given) return { policy: given as Policy, policyBy: 'code' }
  // JSON is YAML: an object in the file's words is read, checked and completed as the file would be
  return fromText(JSON.stringify(given, null, 2), 'policy', 'code')
}

function fromText(text: string, file: string, policyBy: string) {
  const loaded = loadPolicy(text, { file })
  if (!loaded.ok) throw new Error(`the policy has mistakes:\n${formatErrors(loaded.errors)}`)
  return { policy: loaded.policy, policyText: text, policyBy }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Error(`policy: cannot read ${file}; check the path and who may read it`, { cause })
  }
}
