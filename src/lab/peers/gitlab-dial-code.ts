import { DAY } from '../../engine/units.js'
import { ALLOWED, type Contender, type ContenderVerdict } from '../contender.js'
import { createEventLog } from './sliding.js'

const PER_DIAL_CODE = 50
const OVERRIDES: Readonly<Record<string, number>> = { '1': 800 }

/**
 * GitLab.com's budget of messages for each dial code over a rolling 24 hours, 50 by default and 800 for +1; past it a
 * payment card comes before the phone. Sources: https://gitlab.com/gitlab-org/gitlab/-/work_items/631067 and
 * https://gitlab.com/gitlab-org/gitlab/-/merge_requests/257995 ("a send is counted after it goes out, and the limit
 * trips once the count is above the limit": so 51 go out). A card is nearest to the proof that another channel is;
 * who passes it gets the message, which counts.
 * @param options.scale factor on the budgets @default 1
 */
export function createGitlabDialCode({ scale = 1 }: { scale?: number } = {}): Contender {
  const limitOf = (code: string): number =>
    Math.max(1, Math.round((OVERRIDES[code] ?? PER_DIAL_CODE) * scale))
  const most = Math.max(limitOf(''), ...Object.keys(OVERRIDES).map(limitOf))
  const sent = createEventLog(DAY, most + 1)
  const asksForCard: ContenderVerdict = {
    verdict: 'challenge',
    proof: 'channel',
    reasons: ['phone_verification_transactions_by_dial_code'],
  }
  return {
    name: 'gitlab-dial-code',
    decide({ at }, { number }, solved): ContenderVerdict {
      const { callingCode } = number
      if (!solved && sent.count(callingCode, at) > limitOf(callingCode)) return asksForCard
      sent.add(callingCode, at)
      return ALLOWED
    },
    outcome() {
      // the budget counts what was sent, verified or not
    },
  }
}
