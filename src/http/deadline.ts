import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { type Patience, startPatience } from '../verify/patience.js'
import { refusalFrom } from './faults.js'
import type { Send } from './problem.js'
import { Refusal } from './refusal.js'
import { shedClassOf } from './shed.js'

/** What applications ask; the rest are pages and files. */
const API = /^\/v[12]\//

declare module 'fastify' {
  interface FastifyRequest {
    /** how long the caller waits for the stores; `null` where he waits as long as it takes */
    patience: Patience | null
  }
}

/**
 * Answers requests of applications whose stores take longer than `ms`, whatever they ask of them and however often; what
 * is behind goes on, and sends nothing any more. Operators' requests wait: reports and erasures take their time. Register
 * before the routes.
 */
export function answerInTime(app: FastifyInstance, send: Send, ms: number): void {
  app.decorateRequest('patience', null)
  app.addHook('onRoute', (route) => {
    const kind = shedClassOf(route.url)
    if (!API.test(route.url) || kind === null || kind === 'operator') return
    const { handler } = route
    route.handler = asLongAsHeWaits(handler)
    route.onRequest = [
      (request, reply, done) => {
        const patience = startPatience(ms, ({ message }) => {
          if (!reply.raw.headersSent)
            send(new Refusal('stores_slow', `${capital(message)}.`), request, reply)
        })
        request.patience = patience
        reply.raw.once('close', patience.end)
        done()
      },
      ...[route.onRequest ?? []].flat(),
    ]
  })
}

/** What comes of it when he was answered is told to the log alone. */
const asLongAsHeWaits = (handler: RouteHandlerMethod): RouteHandlerMethod =>
  function (request, reply) {
    const answer: unknown = handler.call(this, request, reply)
    // handlers that answer by themselves, such as those of files, return nothing
    return answer instanceof Promise ? answered(answer, request, reply) : answer
  }

async function answered(
  answer: Promise<unknown>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  try {
    const value = await answer
    return request.patience?.over ? reply : value
  } catch (error) {
    if (!request.patience?.over) throw error
    const { code } = refusalFrom(error)
    const found = code === 'internal' ? { err: error } : { code }
    request.log.warn({ reqId: request.id, ...found }, 'failed after it was answered')
    return reply
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** For the gate: that of the request, where there is one. */
export const patienceOf = (request: { patience: Patience | null }): Patience | undefined =>
  request.patience ?? undefined
