import { LINE_INDEX } from './compile.js'
import type { RuleContext } from './rules/context.js'

/**
 * The known-good path: a number verified before keeps working while its country is attacked, budgeted so that one
 * farmed verification is no licence. Only its own lines count:
 * - asked from a device or account that took part in a verification of it: the device's and account's lines. A
 *   stranger who fills the number's line cannot lock its owner out;
 * - asked from elsewhere: the number's line, with `unverified` messages of its own and nothing earned on top.
 */
export function isKnownGood({ facts, service, query, state, readings, now }: RuleContext): boolean {
  const { forMs, unverified } = service.policy.knownGood
  if (facts.number.problem !== null || state.verifiedAt === 0 || now - state.verifiedAt > forMs)
    return false
  const within = (line: number): boolean =>
    query.keys[line] === '' || (readings.utilisation[line] ?? 0) <= 1
  const { number, device, account } = LINE_INDEX
  if (state.sourceKnown) return within(device) && within(account)
  const owed = Math.max(readings.debtFast[number] ?? 0, readings.debtSlow[number] ?? 0)
  return owed + 1 <= unverified && within(account)
}
