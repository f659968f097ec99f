import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errorEntry } from '../errors.js'
import { refusalFrom } from '../faults.js'
import { secondsUntil } from '../problem.js'
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
  return WORDING[twilio] ?? refusal.message
}

/**
 * Answers of the Twilio-compatible API other than success: `code`, `message`, `more_info` and `status` as Twilio has
 * them, and in `details` (which its SDKs hand on) what Tollgate knows beyond that.
 */
export function answerLikeTwilio(app: FastifyInstance, clock: () => number): void {
  const send = (refusal: Refusal, request: FastifyRequest, reply: FastifyReply) => {
    const { twilio, status, twilioStatus = status } = errorEntry(refusal.code)
    request.refusal = refusal
    if (refusal.retryAt !== undefined) {
      reply.header('retry-after', secondsUntil(refusal.retryAt, clock()))
    }
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
          ...refusal.details,
        },
      })
  }
  app.setErrorHandler((error, request, reply) => send(refusalFrom(error), request, reply))
  // only under a prefix of its own may a part of the server answer for paths that are not there
  app.register(
    async (v2) => {
      v2.setNotFoundHandler((request, reply) => send(new Refusal('not_found'), request, reply))
    },
    { prefix: '/v2' },
  )
}
