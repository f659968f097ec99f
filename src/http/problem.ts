import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errorEntry } from './errors.js'
import { refusalFrom } from './faults.js'
import { methodsTaken } from './methods.js'
import { Refusal } from './refusal.js'

/** Whole seconds until a time, at least one: what Retry-After takes. */
export const secondsUntil = (at: number, now: number): number =>
  Math.max(1, Math.ceil((at - now) / 1000))

export type Send = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply

/** What Retry-After says of a refusal, seconds: when it ends, or a while where the fault is the gateway's own. */
export const retryAfterOf = ({ retryAt, code }: Refusal, now: number): number | undefined =>
  retryAt === undefined ? errorEntry(code).retryAfterS : secondsUntil(retryAt, now)

/** Answers other than success as problem details (RFC 9457). */
export function problemSender(clock: () => number): Send {
  return (error, request, reply) => {
    const refusal = refusalFrom(error)
    const entry = errorEntry(refusal.code)
    request.refusal = refusal
    const retryAfter = retryAfterOf(refusal, clock())
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
    return reply
      .code(entry.status)
      .type('application/problem+json')
      .send({
        type: `urn:tollgate:error:${refusal.code}`,
        title: entry.title,
        status: entry.status,
        detail: refusal.message,
        code: refusal.code,
        instance: `urn:tollgate:request:${request.id}`,
        ...(refusal.errors && { errors: refusal.errors }),
        ...(retryAfter !== undefined && { retryAfter }),
      })
  }
}

/**
 * Whatever goes wrong, and wherever nothing is, is answered by `send`. Register before the routes.
 * @param absent what is refused otherwise than by `not_found` where no route is
 */
export function answerErrors(
  app: FastifyInstance,
  send: Send,
  absent: (request: FastifyRequest) => Refusal | null,
): void {
  const taken = methodsTaken(app)
  app.setErrorHandler(send)
  app.setNotFoundHandler((request, reply) => {
    const { method, url } = request
    const methods = taken(url)
    if (methods.length === 0 || methods.includes(method)) {
      const refusal =
        absent(request) ?? new Refusal('not_found', `No route for ${method} at this path.`)
      return send(refusal, request, reply)
    }
    reply.header('allow', methods.join(', '))
    const detail = `This address takes ${methods.join(' and ')}, not ${method}.`
    return send(new Refusal('method_not_allowed', detail), request, reply)
  })
}
