import { DEFAULT_POLICY } from '../engine/defaults.js'
import type { ComposeOptions } from '../verify/compose.js'
import type { CreateGateOptions } from './options.js'

/** The policy as given, with the text that is kept in the ledger as its version. */
export function readPolicyOption(
  given: CreateGateOptions['policy'],
): Pick<ComposeOptions, 'policy' | 'policyText' | 'policyBy'> {
  if (given === undefined) return { policy: DEFAULT_POLICY, policyBy: 'default' }
  if (typeof given === 'string' || 'file' in given)
    throw new Error('policy: YAML is not read yet; give the policy as an object')
  return { policy: given, policyBy: 'code' }
}
