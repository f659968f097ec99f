import type { Attempt, FaultSpan, RunRecord } from './record.js'

export const INVARIANTS = [
  'no code sent twice',
  'no acknowledged verification lost',
  'no check approved twice',
  'money within the bound',
  'every request answered',
  'recovered',
  'attack contained',
] as const
export type Invariant = (typeof INVARIANTS)[number]

export interface Violation {
  invariant: Invariant
  /** the fault in whose time it was; `null` when it belongs to the whole run */
  fault: string | null
  what: string
}

/** A gateway answers within this, ms: the 10 s of the sender and the 10 s of one statement of the ledger. */
export const ANSWER_LIMIT_MS = 20_000
/** From the end of a fault to the first verification through every gateway, ms. */
export const RECOVERY_LIMIT_MS = 30_000
/** Share of the attack's requests that may still get a message once everything works again. */
const CONTAINED_SHARE = 0.1
const HOUR_MS = 3_600_000

/** Answers that put the blame on a caller who did nothing wrong. */
const UNTRUE = new Set([
  'internal',
  'validation',
  'unauthenticated',
  'forbidden',
  'not_found',
  'verification_not_found',
  'unknown_service',
  'idempotency_mismatch',
])

/** Everything that a run must hold, from what was seen outside. Empty: it held. */
export function judge(record: RunRecord): Violation[] {
  return [
    ...sentTwice(record),
    ...lost(record),
    ...approvedTwice(record),
    ...overspent(record),
    ...unanswered(record),
    ...record.faults.flatMap((fault) => [
      ...notRecovered(record, fault),
      ...notContained(record, fault),
    ]),
  ]
}

const faultAt = ({ faults }: RunRecord, at: number): string | null =>
  faults.find(({ from, end }) => at >= from && at < end)?.name ?? null

function groups<T>(items: readonly T[], keyOf: (item: T) => string | null): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === null) continue
    const group = found.get(key)
    if (group === undefined) found.set(key, [item])
    else group.push(item)
  }
  return found
}

/** One message per operation of a client, however often it was retried and wherever. */
function sentTwice(record: RunRecord): Violation[] {
  const found: Violation[] = []
  const say = (at: number, what: string) =>
    found.push({ invariant: 'no code sent twice', fault: faultAt(record, at), what })
  for (const [key, of] of groups(record.messages, ({ key }) => key))
    if (of.length > 1) say(of[1]?.at ?? 0, `message ${key} was handed over ${of.length} times`)
  const asked = groups(record.attempts, ({ call, to }) => (call === 'check' ? null : to))
  for (const [to, of] of groups(record.messages, ({ to }) => to)) {
    const last = of[of.length - 1]?.at ?? 0
    const bodies = new Set(of.map(({ body }) => body))
    if (bodies.size < of.length) say(last, `${to} got the same code twice`)
    const operations = new Set(asked.get(to)?.map(({ operation }) => operation))
    if (of.length > operations.size)
      say(last, `${to} got ${of.length} messages for ${operations.size} operations`)
    const allowed = record.allowed.get(to) ?? 0
    if (of.length > allowed)
      say(last, `${to} got ${of.length} messages, the ledger allowed ${allowed}`)
  }
  return found
}

/** What was answered with a verification is there at the end, and what was approved stays approved. */
function lost(record: RunRecord): Violation[] {
  const found: Violation[] = []
  for (const { call, end, verification, to, until } of record.attempts) {
    if (!('status' in end) || end.status >= 300) continue
    const id = verification ?? end.id
    const what = (() => {
      if (id === null) return 'an answer without a verification'
      const row = record.verifications.get(id)
      if (row === undefined || row === null) return `${id} was acknowledged and is not there`
      if (row.to !== to) return `${id} is for another number`
      if (call === 'check' && end.verified && row.status !== 'verified')
        return `${id} was approved and is ${row.status}`
      return null
    })()
    if (what !== null)
      found.push({
        invariant: 'no acknowledged verification lost',
        fault: faultAt(record, until),
        what,
      })
  }
  return found
}

function approvedTwice(record: RunRecord): Violation[] {
  const approvals = record.attempts.filter(({ end }) => 'status' in end && end.verified)
  return [...groups(approvals, ({ verification }) => verification)]
    .filter(([, of]) => of.length > 1)
    .map(([id, of]) => ({
      invariant: 'no check approved twice',
      fault: faultAt(record, of[1]?.until ?? 0),
      what: `${id} was approved ${of.length} times`,
    }))
}

/** How long the run was for the lines, whose clocks were moved too. */
function spanMs({ messages, faults }: RunRecord): number {
  const moved = faults.reduce((sum, { clockMs }) => sum + Math.abs(clockMs), 0)
  return (messages[messages.length - 1]?.at ?? 0) - (messages[0]?.at ?? 0) + moved
}

/**
 * What several gateways can lose that are cut off from their lines (docs/failure.md): what was spent before, what all of
 * them together give on their shares, and one message for each further gateway.
 */
const apart = (boundMicroUsd: number, priceMicroUsd: number, gateways: number): number =>
  gateways === 1 ? boundMicroUsd : 2 * boundMicroUsd + (gateways - 1) * priceMicroUsd

/** What the attack's messages cost, against what `tollgate policy bound` says of the policy. */
function overspent(record: RunRecord): Violation[] {
  const { bounds, messages, gateways } = record
  const long = spanMs(record) > HOUR_MS
  const found: Violation[] = []
  const hold = (name: string, count: number, price: number, usual: number) => {
    const spent = count * price
    const bound = apart(usual, price, gateways)
    if (spent > bound)
      found.push({
        invariant: 'money within the bound',
        fault: null,
        what: `${name}: ${count} messages for USD ${dollars(spent)}, the bound is USD ${dollars(bound)}`,
      })
  }
  for (const [country, bound] of bounds) {
    const own = messages.filter(({ to }) => to.startsWith(bound.prefix))
    hold(country, own.length, bound.priceMicroUsd, long ? bound.dayMicroUsd : bound.hourMicroUsd)
    for (const [block, of] of groups(own, ({ to }) => to.slice(0, -4)))
      hold(
        `block ${block}`,
        of.length,
        bound.priceMicroUsd,
        long ? bound.blockDayMicroUsd : bound.blockHourMicroUsd,
      )
  }
  return found
}

const dollars = (microUsd: number): string => (microUsd / 1e6).toFixed(2)

/** Allow, refusal or an honest 5xx, in time; only of a gateway that is killed or stopped nobody expects one. */
function unanswered(record: RunRecord): Violation[] {
  const found: Violation[] = []
  for (const attempt of record.attempts) {
    const what = wrongWith(attempt)
    const { gateway, from, until } = attempt
    const out = record.outages.some(
      (o) => o.gateway === gateway && o.from <= until && o.until >= from,
    )
    // an untrue answer is one, whatever happens around it
    if (what === null || (out && what.excusable)) continue
    found.push({
      invariant: 'every request answered',
      fault: faultAt(record, from),
      what: `${attempt.call} of ${attempt.operation} at gateway ${gateway}: ${what.text}`,
    })
  }
  return found
}

function wrongWith({ end, from, until }: Attempt): { text: string; excusable: boolean } | null {
  if ('failed' in end) return { text: `no answer (${end.failed}: ${end.detail})`, excusable: true }
  const { status, problem } = end
  if (problem === '' || (problem !== null && UNTRUE.has(problem)))
    return { text: `${status} ${problem || 'without a code'}`, excusable: false }
  const tookMs = until - from
  return tookMs > ANSWER_LIMIT_MS
    ? { text: `${status} after ${Math.round(tookMs)} ms`, excusable: true }
    : null
}

/**
 * When everything works again: each gateway has sent a code to a person, decided on the lines of all, and somebody has entered one, all asked after
 * the fault had ended. @returns ms from the end of the fault; `null` when not yet
 */
export function recoveryMs(
  attempts: readonly Attempt[],
  { until, end, gateways }: FaultSpan,
): number | null {
  const after = attempts.filter((a) => a.by === 'person' && a.from >= until && a.until <= end)
  const firsts = [
    ...gateways.map((gateway) =>
      after.find((a) => a.gateway === gateway && a.call === 'start' && hasSent(a)),
    ),
    after.find((a) => 'status' in a.end && a.end.verified),
  ]
  let last = until
  for (const first of firsts) {
    if (first === undefined) return null
    last = Math.max(last, first.until)
  }
  return last - until
}

const hasSent = ({ end }: Attempt): boolean =>
  'status' in end && end.status === 201 && end.state === 'sent' && !end.degraded

function notRecovered({ attempts }: RunRecord, fault: FaultSpan): Violation[] {
  const took = recoveryMs(attempts, fault)
  if (took !== null && took <= RECOVERY_LIMIT_MS) return []
  const what = took === null ? 'not before the next fault' : `after ${Math.round(took)} ms`
  return [{ invariant: 'recovered', fault: fault.name, what }]
}

/** Once everything works again the attack gets hardly a message: no fault has given it fresh credit. */
function notContained({ attempts, messages, bounds }: RunRecord, fault: FaultSpan): Violation[] {
  const from = fault.until + (recoveryMs(attempts, fault) ?? 0)
  const within = (at: number) => at >= from && at < fault.end
  const asked = new Set(
    attempts
      .filter((a) => a.by === 'attack' && a.call === 'start' && within(a.from))
      .map((a) => a.operation),
  ).size
  const prefixes = [...bounds.values()].map(({ prefix }) => prefix)
  const sent = messages.filter(
    ({ at, to }) => within(at) && prefixes.some((p) => to.startsWith(p)),
  ).length
  return sent > CONTAINED_SHARE * asked + 1
    ? [
        {
          invariant: 'attack contained',
          fault: fault.name,
          what: `${sent} messages for ${asked} requests of the attack`,
        },
      ]
    : []
}
