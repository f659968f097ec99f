import { setTimeout as sleep } from 'node:timers/promises'
import TinyQueue from 'tinyqueue'
import type { Actor, LabelledRow, Seen } from '../lab/actors/actor.js'
import { columns } from './columns.js'
import { duration } from './duration.js'
import { createGatewayClient, type GatewayOutcome } from './simulate-gateway.js'

interface DriveOptions {
  source: Actor
  service: string
  url: URL
  /** `id:secret` */
  key: string
  /** requests a second */
  rate: number
  /** requests at most */
  limit: number
  onProgress?: (text: string) => void
}

/** What the gateway answered to one side. `denied`: held for review as well. */
export interface DrivenSide {
  requests: number
  sent: number
  challenged: number
  denied: number
}

export interface Driven {
  legit: DrivenSide
  attack: DrivenSide
  /** retries that nobody made: the first code was entered */
  skipped: number
  outcomes: { reported: number; refused: number }
  /** times the gateway asked to be left alone for a while */
  waits: number
  tookMs: number
  /** requests a second that were reached */
  rate: number
}

/** Requests on their way at one time: a gateway slower than the rate is waited for, not buried. */
const IN_FLIGHT = 32
/** Outcomes in one call at most. */
const BATCH = 1_000
/** Codes are good for so long. */
const CODE_TTL_MS = 10 * 60_000
/** People do not ask again later than this in one session. */
const SESSION_MS = 60 * 60_000

/** `session`: id of its first request */
type Due = { at: number; session: string; outcome: GatewayOutcome | null }

const newSide = (): DrivenSide => ({ requests: 0, sent: 0, challenged: 0, denied: 0 })

/**
 * Asks a gateway the requests of a scenario at a steady rate. Outcomes fall due by the scenario's clock, which goes as fast
 * as its rows are asked. An attack is answered one request at a time, so that an attacker sees each answer before his next.
 *
 * @throws CliFault when the gateway cannot be reached or refuses
 */
export async function drive(options: DriveOptions): Promise<Driven> {
  const { source, service, rate, limit, onProgress } = options
  const gateway = createGatewayClient(options.url, options.key)
  const sides = { legit: newSide(), attack: newSide() }
  const due = new TinyQueue<Due>([], (a, b) => a.at - b.at)
  /** sessions whose code was entered, and the decision that sent it */
  const verified = new Map<string, string>()
  const outcomes = { reported: 0, refused: 0 }
  const ready: GatewayOutcome[] = []
  const flight = new Set<Promise<void>>()
  const failures: unknown[] = []
  let reporting: Promise<void> = Promise.resolve()
  let isReporting = false
  let asked = 0
  let skipped = 0

  async function report(): Promise<void> {
    isReporting = true
    while (ready.length > 0) {
      const batch = ready.splice(0, BATCH)
      outcomes.refused += await gateway.report(batch)
      outcomes.reported += batch.length
    }
    isReporting = false
  }

  /** Everything that has become of messages by this time of the scenario. */
  function advance(now: number): void {
    for (let next = due.peek(); next !== undefined && next.at <= now; next = due.peek()) {
      due.pop()
      const { at, session, outcome } = next
      if (outcome === null) verified.delete(session)
      else if (outcome.kind === 'verified') {
        // One code is entered in a session, whichever of its messages brought it.
        if (verified.has(session)) continue
        verified.set(session, outcome.id)
        ready.push(outcome)
        due.push({ at: at + SESSION_MS, session, outcome: null })
      } else if (outcome.kind === 'failed' || verified.get(session) === outcome.id)
        ready.push(outcome)
    }
    if (ready.length > 0 && !isReporting)
      reporting = report().catch((error: unknown) => {
        failures.push(error)
      })
  }

  async function ask({ row, label }: LabelledRow): Promise<Seen> {
    const side = sides[label]
    const { id, verdict } = await gateway.decide(row, service)
    side.requests++
    if (verdict !== 'allow') {
      const challenged = verdict === 'challenge'
      if (challenged) side.challenged++
      else side.denied++
      return challenged ? 'challenged' : 'refused'
    }
    side.sent++
    const { deliveryError, deliveredMs, verifiedMs, activates } = row.potential
    const come = (kind: GatewayOutcome['kind'], afterMs: number) =>
      due.push({ at: row.at + afterMs, session: row.retryOf ?? row.id, outcome: { id, kind } })
    if (deliveryError !== null) come('failed', deliveredMs ?? 0)
    else if (verifiedMs !== null && verifiedMs <= CODE_TTL_MS) {
      come('verified', verifiedMs)
      if (activates) come('activated', verifiedMs + 1)
    }
    return 'sent'
  }

  function check(): void {
    if (failures.length > 0) throw failures[0]
  }

  const startedAt = performance.now()
  while (asked < limit && source.nextAt() < Number.POSITIVE_INFINITY) {
    const next = source.ask()
    advance(next.row.at)
    if (next.row.retryOf !== null && verified.has(next.row.retryOf)) {
      skipped++
      continue
    }
    const early = startedAt + (asked * 1_000) / rate - performance.now()
    if (early > 1) await sleep(early)
    asked++
    const answered: Promise<void> = ask(next)
      .then((seen) => source.told?.(next.row, seen))
      .catch((error: unknown) => {
        failures.push(error)
      })
      .finally(() => flight.delete(answered))
    flight.add(answered)
    if (next.label === 'attack') await answered
    while (flight.size >= IN_FLIGHT) await Promise.race(flight)
    check()
    if (asked % Math.max(1, Math.round(rate)) === 0)
      onProgress?.(
        `${asked.toLocaleString('en')} requests, ${new Date(next.row.at).toISOString().slice(0, 16)}`,
      )
  }
  await Promise.all(flight)
  // The report under way, and then whatever falls due after the last request.
  await reporting
  check()
  advance(Number.POSITIVE_INFINITY)
  await reporting
  check()
  const tookMs = performance.now() - startedAt
  return {
    ...sides,
    ...{ skipped, outcomes, waits: gateway.waits(), tookMs: Math.round(tookMs) },
    rate: Math.round((10_000 * asked) / Math.max(1, tookMs)) / 10,
  }
}

/** For people. */
export function drivenText(driven: Driven): string[] {
  const { legit, attack, skipped, outcomes, waits, tookMs, rate } = driven
  const count = (n: number): string => n.toLocaleString('en')
  const right = (title: string) => ({ title, align: 'right' as const })
  return [
    `${count(legit.requests + attack.requests)} requests in ${duration(tookMs)}, ${rate} a second; ${count(skipped)} retries not made, their first code was entered`,
    '',
    ...columns(
      [{ title: '' }, ...['requests', 'sent', 'challenged', 'denied'].map(right)],
      [['legitimate', legit] as const, ['attack', attack] as const].map(([name, side]) => [
        name,
        ...[side.requests, side.sent, side.challenged, side.denied].map(count),
      ]),
    ),
    '',
    `${count(outcomes.reported)} outcomes reported, ${count(outcomes.refused)} of them not accepted`,
    ...(waits === 0
      ? []
      : [`the gateway asked to wait ${count(waits)} times: the rate is too high`]),
  ]
}
