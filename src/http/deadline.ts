import type { FastifyInstance, RouteHandlerMethod } from 'fastify'
import { type Patience, startPatience } from '../verify/patience.js'
import { refusalFrom } from './faults.js'
import type { Send } from './problem.js'
import { Refusal } from './refusal.js'
import { shedClassOf } from './shed.js'

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
    if (kind === null || kind === 'operator') return
    const { handler } = route
    route.handler = asLongAsHeWaits(handler)
    route.onRequest = [
      (request, reply, done) => {
        const patience = startPatience(ms, ({ message }) => {
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
  async function (request, reply) {
    try {
      const answer: unknown = await handler.call(this, request, reply)
      return request.patience?.over ? reply : answer
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
