import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Alerts } from '../desk/alert/alerts.js'
import type { Sender, SendResult } from '../send/port.js'
import type { Conditions, Dependency } from '../verify/conditions.js'
import type { GateDecision } from '../verify/types.js'
import { type Timing, Timings } from './timings.js'

/** What the gateway counts. No label takes a value that a caller can make up. */
export interface Metrics {
  registry: Registry
  /** a verdict that was answered; `service` is '(other)' for services the policy does not name */
  verdict(service: string, decision: GateDecision): void
  /** what counts the answers of one route */
  route(method: string, route: string): RouteTimes
  /** a request that was turned away before anything was done for it */
  shed(kind: string, why: string): void
  /** a connection that was closed because as many were open as this gateway takes */
  connectionDropped(): void
  /** how much is to do */
  pressure(of: { readonly inFlight: number; readonly delayMs: number }): void
  /** how what the gateway depends on is, shown as `tollgate_dependency_state` */
  depends(conditions: Conditions): void
  /** what became of messages to sinks, and what waits for them */
  sinks(figures: Alerts['figures'], clock: () => number): void
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

const HEALTH: Record<Dependency['state'], number> = { ok: 0, degraded: 1, lost: 2 }
const STATE = { closed: 0, half_open: 1, open: 2 } as const

/** A message that may have been sent is charged and may be on the bill: not the same as one that no provider took. */
const resultOf = (result: SendResult): string => {
  if (result.ok) return 'accepted'
  return result.mayHaveBeenSent ? 'unanswered' : result.error
}

/** @param policyNames services the policy names now: the only ones that get a label of their own */
export function createMetrics(policyNames: () => readonly string[]): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  // named like counters, which they are not, and the sums of others that are there
  for (const name of ['handles', 'requests', 'resources'])
    registry.removeSingleMetric(`nodejs_active_${name}_total`)
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
    help: 'Messages handed to a provider, by the provider that answered last and its answer; unanswered: it may have been sent',
    labelNames: ['provider', 'result'],
    registers,
  })
  const receipts = new Counter({
    name: 'tollgate_receipts_total',
    help: 'Delivery receipts, by provider and what they tell; bad_signature: posts that were refused',
    labelNames: ['provider', 'status'],
    registers,
  })

  const shed = new Counter({
    name: 'tollgate_shed_total',
    help: 'Requests turned away with 503 before anything was done for them, by kind and cause',
    labelNames: ['kind', 'cause'],
    registers,
  })
  const dropped = new Counter({
    name: 'tollgate_connections_dropped_total',
    help: 'Connections closed unread because server.maxConnections were open',
    registers,
  })

  return {
    registry,
    shed: (kind, cause) => shed.inc({ kind, cause }),
    connectionDropped: () => dropped.inc(),
    pressure(of) {
      new Gauge({
        name: 'tollgate_requests_in_flight',
        help: 'Requests at work, without health, metrics and streams',
        registers,
        collect() {
          this.set(of.inFlight)
        },
      })
      new Gauge({
        name: 'tollgate_event_loop_delay_seconds',
        help: 'Lateness of the event loop at the last look, 50 a second',
        registers,
        collect() {
          this.set(of.delayMs / 1000)
        },
      })
    },
    depends(conditions) {
      new Gauge({
        name: 'tollgate_dependency_state',
        help: 'What the gateway depends on: 0 ok, 1 degraded, 2 lost',
        labelNames: ['dependency'],
        registers,
        collect() {
          for (const { name, state } of conditions.all())
            this.set({ dependency: name }, HEALTH[state])
        },
      })
      new Gauge({
        name: 'tollgate_dependency_figure',
        help: 'Figures of what the gateway depends on, such as what waits for a store that is lost',
        labelNames: ['dependency', 'figure'],
        registers,
        collect() {
          for (const { name, figures } of conditions.all())
            for (const [figure, value] of Object.entries(figures))
              this.set({ dependency: name, figure }, value)
        },
      })
    },
    sinks(figures, clock) {
      new Counter({
        name: 'tollgate_sink_messages_total',
        help: 'Messages to sinks of alerts and reports, by type of sink and what became of them: delivered, retried, given_up, dropped',
        labelNames: ['type', 'result'],
        registers,
        collect() {
          this.reset()
          for (const { type, result, count } of figures().results) this.inc({ type, result }, count)
        },
      })
      new Gauge({
        name: 'tollgate_sink_messages_waiting',
        help: 'Messages that wait for a sink, at the gateway that leads; without those that wait for the end of quiet hours',
        labelNames: ['type'],
        registers,
        collect() {
          this.reset()
          for (const { type, count } of figures().waiting) this.inc({ type }, count)
        },
      })
      new Gauge({
        name: 'tollgate_sink_oldest_waiting_seconds',
        help: 'Age of the oldest message that waits for a sink, at the gateway that leads',
        labelNames: ['type'],
        registers,
        collect() {
          this.reset()
          const ages = new Map<string, number>()
          for (const { type, oldestAt } of figures().waiting) {
            const seconds = oldestAt === null ? 0 : Math.max(0, clock() - oldestAt) / 1000
            ages.set(type, Math.max(ages.get(type) ?? 0, seconds))
          }
          for (const [type, seconds] of ages) this.set({ type }, seconds)
        },
      })
    },
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
          sends.inc({ provider: result.provider, result: resultOf(result) })
          return result
        },
        receipts(provider, request) {
          const read = sender.receipts(provider, request)
          if (read === 'unknown_provider') return read
          if (read === 'bad_signature') receipts.inc({ provider, status: read })
          else for (const { status } of read) receipts.inc({ provider, status })
          return read
        },
        health: () => sender.health(),
      }
    },
  }
}
