import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Sender } from '../send/port.js'
import type { GateDecision } from '../verify/types.js'
import { type Timing, Timings } from './timings.js'

/** What the gateway counts. No label takes a value that a caller can make up. */
export interface Metrics {
  registry: Registry
  /** a verdict that was answered; `service` is '(other)' for services the policy does not name */
  verdict(service: string, decision: GateDecision): void
  /** what counts the answers of one route */
  route(method: string, route: string): RouteTimes
  /** the same sender, its results counted */
  meter(sender: Sender): Sender
}

/** Counts one answered request. @param status its HTTP status */
export type RouteTimes = (status: number, seconds: number) => void

interface Tally {
  verdict: string
  would: string
  count: number
}

const STATE = { closed: 0, half_open: 1, open: 2 } as const

/** @param policyNames services the policy names now: the only ones that get a label of their own */
export function createMetrics(policyNames: () => readonly string[]): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  /** by service, then first reason: counted on every decision, made into labels when somebody asks */
  const tallies = new Map<string, Map<string, Tally[]>>()
  const tallyOf = (service: string, reason: string) => {
    const label = tallies.has(service) || policyNames().includes(service) ? service : '(other)'
    const byReason = tallies.get(label) ?? new Map<string, Tally[]>()
    tallies.set(label, byReason)
    const found = byReason.get(reason) ?? []
    byReason.set(reason, found)
    return found
  }
  new Counter({
    name: 'tollgate_verdicts_total',
    help: 'Verdicts, by service, what was enforced, what enforce mode would have said, and first reason',
    labelNames: ['service', 'verdict', 'would', 'reason'],
    registers,
    collect() {
      this.reset()
      for (const [service, byReason] of tallies) {
        for (const [reason, found] of byReason) {
          for (const { verdict, would, count } of found)
            this.inc({ service, verdict, would, reason }, count)
        }
      }
    },
  })
  const requests = new Timings({
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
    verdict(service, { verdict, would, reasons }) {
      const tally = tallyOf(service, reasons[0]?.code ?? 'none')
      for (const one of tally) {
        if (one.verdict === verdict && one.would === would) {
          one.count++
          return
        }
      }
      tally.push({ verdict, would, count: 1 })
    },
    route(method, route) {
      const classes: Timing[] = []
      return (status, seconds) => {
        const hundreds = Math.floor(status / 100)
        classes[hundreds] ??= requests.series({ method, route, status: `${hundreds}xx` })
        classes[hundreds].observe(seconds)
      }
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
