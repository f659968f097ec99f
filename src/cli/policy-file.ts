import { readFileSync } from 'node:fs'
import { DEFAULT_POLICY } from '../engine/defaults.js'
import type { Policy } from '../engine/policy.js'
import { type LoadedPolicy, loadPolicy } from '../policy/load.js'
import { formatErrors } from '../policy/problem.js'
import { systemReason, usageFault } from './fault.js'

/**
 * A policy file, checked; the built-in policy without one.
 * @throws CliFault with everything that is wrong in it
 */
export function readPolicy(file: string | null): { policy: Policy; text: string } {
  if (file === null) return { policy: DEFAULT_POLICY, text: JSON.stringify(DEFAULT_POLICY) }
  const text = readPolicyText(file)
  return { policy: checkedPolicy(text, file).policy, text }
}

/** @throws CliFault with everything that is wrong in it */
export function checkedPolicy(text: string, file: string): LoadedPolicy {
  const loaded = loadPolicy(text, { file })
  if (loaded.ok) return loaded
  throw usageFault(`the policy is not valid\n${formatErrors(loaded.errors)}`)
}

export function readPolicyText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw usageFault(
      `cannot read the policy ${file}: ${systemReason(cause)}`,
      'check the path and who may read it',
      cause,
    )
  }
}
