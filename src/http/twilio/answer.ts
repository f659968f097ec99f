import type { FastifyRequest } from 'fastify'
import { errorEntry } from '../errors.js'
import { refusalFrom } from '../faults.js'
import { retryAfterOf, type Send } from '../problem.js'
import { Refusal } from '../refusal.js'

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

/** Twilio's other products. Every path of theirs has a capital after the version, and none of ours has. */
const PRODUCTS = /^\/(v\d+\/[A-Z]|2010-04-01(\/|\?|$))/
/** Parts of Verify and Lookup without a counterpart here; docs/twilio-migration.md says what takes their place. */
const PARTS =
  /^\/v2\/(Services\/[^/?]+\/(RateLimits|Entities|Webhooks|MessagingConfigurations|AccessTokens|Passkeys)|Templates|Forms|RateLimits|PhoneNumbers\/[^/?]+\/Overrides|batch\/query)(\/|\?|$)/
const SERVED = /^\/v2(\/|\?|$)/

/** Asked as Twilio's API is, whether or not there is such a route: its SDKs read the answer. */
export const isTwilios = ({ url }: FastifyRequest): boolean =>
  SERVED.test(url) || PRODUCTS.test(url)

/** Of what no route is there for, what Twilio has. 404 would say that there is no such number, or template. */
export function absentOfTwilios({ url }: FastifyRequest): Refusal | null {
  if (PARTS.test(url)) return new Refusal('unsupported_feature')
  if (SERVED.test(url) || !PRODUCTS.test(url)) return null
  return new Refusal(
    'unsupported_feature',
    'Verify v2 and Lookup v2 are served here. Ask Twilio for the rest, Lookup v1 included.',
  )
}

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
