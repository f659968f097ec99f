import type { FastifyRequest } from 'fastify'
import { errorEntry } from '../errors.js'
import { refusalFrom } from '../faults.js'
import { retryAfterOf, type Send } from '../problem.js'
import type { Refusal } from '../refusal.js'

/** Twilio's wording where its clients may look at it. */
const WORDING: Record<number, string> = {
  20003: 'Authenticate',
  60202: 'Max check attempts reached',
  60203: 'Max send attempts reached',
}

function message(refusal: Refusal, twilio: number, request: FastifyRequest): string {
  if (twilio === 20404) {
    const [path = ''] = request.url.split('?', 1)
    return `The requested resource ${path.replace(/^\/v2/, '')} was not found`
  }
  const fields = refusal.errors?.map(({ path }) => path.replace(/^(query|path)?\//, '')) ?? []
  if (fields.length > 0) return `Invalid parameter: ${[...new Set(fields)].join(', ')}`
  const { title, mend } = errorEntry(refusal.code)
  // our answers have both; Twilio's has one text, and advice alone says not what is wrong
  return WORDING[twilio] ?? (refusal.message === mend ? `${title}. ${mend}` : refusal.message)
}

/** Asked of the Twilio-compatible API, whether or not it has such a route. */
export const isTwilios = ({ url }: FastifyRequest): boolean => /^\/v2(\/|\?|$)/.test(url)

/**
 * Answers of the Twilio-compatible API other than success: `code`, `message`, `more_info` and `status` as Twilio has
 * them, and in `details` (which its SDKs hand on) what Tollgate knows beyond that.
 */
export function twilioSender(clock: () => number): Send {
  return (error, request, reply) => {
    const refusal = refusalFrom(error)
    const { twilio, status, twilioStatus = status } = errorEntry(refusal.code)
    request.refusal = refusal
    const retryAfter = retryAfterOf(refusal, clock())
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
    return reply
      .code(twilioStatus)
      .type('application/json')
      .send({
        code: twilio,
        message: message(refusal, twilio, request),
        more_info: `https://www.twilio.com/docs/errors/${twilio}`,
        status: twilioStatus,
        details: {
          code: refusal.code,
          detail: refusal.message,
          ...(refusal.errors && { errors: refusal.errors }),
          // the SDKs hand on no header
          ...(refusal.retryAt !== undefined && { retry_at: refusal.retryAt }),
          ...refusal.details,
        },
      })
  }
}
