import type { FastifyInstance } from 'fastify'
import type { GateDecision } from '../verify/types.js'
import type { Principal } from './key-ring.js'
import type { RouteTimes } from './metrics.js'
import type { Refusal } from './refusal.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** who asks; `null` on routes without a key */
    principal: Principal | null
    /** what the gate decided, for log and metrics */
    decision: GateDecision | null
    service: string | null
    /** the answer when it was no success, for the log */
    refusal: Refusal | null
    /** counts the answer; `null` where no route was found */
    times: RouteTimes | null
  }
}

export function decorateRequests(app: FastifyInstance): void {
  app.decorateRequest('principal', null)
  app.decorateRequest('decision', null)
  app.decorateRequest('service', null)
  app.decorateRequest('refusal', null)
  app.decorateRequest('times', null)
  app.decorateRequest('traced', null)
  app.decorateRequest('actor', null)
  app.decorateRequest('present', null)
}

/** The key that a route behind `requireScope` was called with. */
export function keyOf(request: { principal: Principal | null }): Principal {
  if (!request.principal)
    throw new Error('a handler that needs a key is on a route without requireScope')
  return request.principal
}
