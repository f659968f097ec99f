import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GateDecision } from '../verify/types.js'
import type { Metrics } from './metrics.js'
import { secondsUntil } from './problem.js'

/** Notes a verdict for log and metrics, and tells the caller when to come again. */
export function note(
  request: FastifyRequest,
  reply: FastifyReply,
  verdict: { service: string; decision: GateDecision; metrics: Metrics; now: number },
): void {
  const { service, decision, metrics, now } = verdict
  request.service = service
  request.decision = decision
  metrics.verdict(service, decision)
  if (decision.verdict !== 'allow' && decision.retryAt !== null) {
    reply.header('retry-after', secondsUntil(decision.retryAt, now))
  }
}
