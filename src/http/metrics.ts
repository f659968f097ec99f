import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Sender } from '../send/port.js'
import type { GateDecision } from '../verify/types.js'

/** What the gateway counts. No label takes a value that a caller can make up. */
export interface Metrics {
  registry: Registry
  /** a verdict that was answered; `service` is '(other)' for services the policy does not name */
  verdict(service: string, decision: GateDecision): void
  /** a request that was answered */
  request(method: string, route: string, status: number, seconds: number): void
  /** the same sender, its results counted */
  meter(sender: Sender): Sender
}

const STATE = { closed: 0, half_open: 1, open: 2 } as const

/** @param policyNames services the policy names now: the only ones that get a label of their own */
export function createMetrics(policyNames: () => readonly string[]): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const verdicts = new Counter({
    name: 'tollgate_verdicts_total',
    help: 'Verdicts, by service, what was enforced, what enforce mode would have said, and first reason',
    labelNames: ['service', 'verdict', 'would', 'reason'],
    registers,
  })
  const requests = new Histogram({
    name: 'tollgate_http_request_seconds',
    help: 'Time from the head of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const sends = new Counter({
    name: 'tollgate_sends_total',
    help: 'Messages handed to a provider, by the provider that answered last and its answer',
    labelNames: ['provider', 'result'],
    registers,
  })

  return {
    registry,
    verdict(service, decision) {
      verdicts.inc({
        service: policyNames().includes(service) ? service : '(other)',
        verdict: decision.verdict,
        would: decision.would,
        reason: decision.reasons[0]?.code ?? 'none',
      })
    },
    request(method, route, status, seconds) {
      requests.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds)
    },
    meter(sender) {
      new Gauge({
        name: 'tollgate_provider_breaker',
        help: 'State of the circuit breaker of each provider: 0 closed, 1 half open, 2 open',
        labelNames: ['provider'],
        registers,
        collect() {
          for (const { provider, state } of sender.health()) this.set({ provider }, STATE[state])
        },
      })
      return {
        async send(message) {
          const result = await sender.send(message)
          sends.inc({ provider: result.provider, result: result.ok ? 'accepted' : result.error })
          return result
        },
        receipts: (provider, request) => sender.receipts(provider, request),
        health: () => sender.health(),
      }
    },
  }
}
