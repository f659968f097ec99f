import type { StartResult } from '../../verify/types.js'
import { sidOf } from '../ids.js'
import { Refusal } from '../refusal.js'
import { sentence } from '../sentence.js'
import type { TwilioErrorCode } from '../twilio-errors.js'

const BAD_NUMBER = new Set(['number.invalid', 'number.extension', 'number.global_code'])
const PER_NUMBER = new Set(['number.messages', 'number.credit_exhausted'])

function codeOf({ decision }: StartResult): TwilioErrorCode {
  const strongest = decision.reasons.find(({ verdict }) => verdict === decision.verdict)
  const reason = strongest?.code ?? ''
  if (decision.number.problem !== null || BAD_NUMBER.has(reason)) return 'verdict_number'
  if (decision.verdict !== 'deny') return 'verdict_refused'
  if (reason === 'country.denied') return 'verdict_geo'
  if (reason === 'number.type') return 'verdict_line_type'
  if (PER_NUMBER.has(reason)) return 'verdict_rate'
  return 'verdict_refused'
}

/**
 * A verdict other than allow. Twilio's API knows refusals only, so `details` has the rest: which verdict, why, until
 * when, and for a challenge what to solve. Solved at `details.challenge_url`, the code goes out, and the client goes on
 * with its VerificationCheck as if nothing had been.
 */
export function refusalOfVerdict(result: StartResult, origin: string): Refusal {
  const { verification, decision, challenge, channels } = result
  const code = codeOf(result)
  const [first] = decision.reasons
  const why = first === undefined ? '' : `: ${sentence(first)}`
  const options = {
    ...(code === 'verdict_number' && { errors: [{ path: '/To', message: sentenceOr(result) }] }),
    ...(decision.retryAt !== null && { retryAt: decision.retryAt }),
    details: {
      verdict: decision.verdict,
      decision: decision.id,
      verification_sid: sidOf('VE', verification.id),
      reasons: decision.reasons.map((reason) => ({ ...reason, message: sentence(reason) })),
      retry_at: decision.retryAt,
      channels,
      ...(challenge && {
        challenge,
        challenge_url: `${origin}/v1/verifications/${verification.id}/challenge`,
      }),
    },
  }
  return new Refusal(code, `Verification delivery attempt blocked${why}`, options)
}

const sentenceOr = ({ decision }: StartResult): string => {
  const [first] = decision.reasons
  return first === undefined ? 'is not a number a code can be sent to' : sentence(first)
}
