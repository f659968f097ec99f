import type { Fault } from './fault.js'
import { INVARIANTS, recoveryMs, type Violation } from './invariants.js'
import type { Attempt, FaultSpan, RunRecord } from './record.js'

/** One line of the table that a run ends with. */
export interface Row {
  topology: string
  fault: string
  what: string
  lastedMs: number
  recoveredMs: number | null
  /** requests of people: answered with what they asked for or a refusal, with an honest 5xx, not at all */
  answered: number
  unavailable: number
  silent: number
  /** decisions on a gateway's own share of the credit */
  degraded: number
  /** people that came within its time, and those of them who were verified */
  people: number
  verified: number
  /** requests of the attack and messages it got */
  attacks: number
  leaked: number
  violations: Violation[]
  skipped: string | null
}

export function skippedRow(
  topology: string,
  fault: Pick<Fault, 'name' | 'what'>,
  why: string,
): Row {
  return {
    topology,
    fault: fault.name,
    what: fault.what,
    lastedMs: 0,
    recoveredMs: null,
    answered: 0,
    unavailable: 0,
    silent: 0,
    degraded: 0,
    people: 0,
    verified: 0,
    attacks: 0,
    leaked: 0,
    violations: [],
    skipped: why,
  }
}

export function rowOf(
  topology: string,
  fault: Pick<Fault, 'name' | 'what'>,
  span: FaultSpan,
  record: RunRecord,
  violations: readonly Violation[],
): Row {
  const within = (at: number) => at >= span.from && at < span.end
  const of = record.attempts.filter(({ from }) => within(from))
  const people = new Set(of.filter(isStart('person')).map(({ who }) => who))
  const verified = new Set(
    record.attempts
      .filter(
        ({ by, who, end }) => by === 'person' && people.has(who) && 'status' in end && end.verified,
      )
      .map(({ who }) => who),
  )
  const prefixes = [...record.bounds.values()].map(({ prefix }) => prefix)
  return {
    topology,
    fault: fault.name,
    what: fault.what,
    lastedMs: span.until - span.from,
    recoveredMs: recoveryMs(record.attempts, span),
    answered: of.filter(({ end }) => 'status' in end && end.status < 500).length,
    unavailable: of.filter(({ end }) => 'status' in end && end.status >= 500).length,
    silent: of.filter(({ end }) => 'failed' in end).length,
    degraded: of.filter(({ end }) => 'status' in end && end.degraded).length,
    people: people.size,
    verified: verified.size,
    attacks: new Set(of.filter(isStart('attack')).map(({ who }) => who)).size,
    leaked: record.messages.filter(
      ({ at, to }) => within(at) && prefixes.some((prefix) => to.startsWith(prefix)),
    ).length,
    violations: violations.filter((violation) => violation.fault === fault.name),
    skipped: null,
  }
}

const isStart =
  (caller: Attempt['by']) =>
  ({ by, call }: Attempt) =>
    by === caller && call === 'start'

const seconds = (ms: number): string => (ms / 1_000).toFixed(1)

/** As docs/chaos.md shows it. */
export function tableText(rows: readonly Row[]): string {
  const head = [
    'what is broken',
    'for, s',
    'all well again after, s',
    'answered',
    '5xx',
    'no answer',
    'decided degraded',
    'people verified',
    'attack: messages / requests',
    'broken promises',
  ]
  const lines = rows.map((row) =>
    row.skipped !== null
      ? [
          `${row.topology}: ${row.what}`,
          `not played: ${row.skipped}`,
          '',
          '',
          '',
          '',
          '',
          '',
          '',
          '',
        ]
      : [
          `${row.topology}: ${row.what}`,
          seconds(row.lastedMs),
          row.recoveredMs === null ? 'never' : seconds(row.recoveredMs),
          String(row.answered),
          String(row.unavailable),
          String(row.silent),
          String(row.degraded),
          `${row.verified} of ${row.people}`,
          `${row.leaked} / ${row.attacks}`,
          brokenIn(row.violations),
        ],
  )
  const all = [head, head.map(() => '---'), ...lines]
  return all.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

export function brokenIn(violations: readonly Violation[]): string {
  const counts = INVARIANTS.flatMap((name) => {
    const count = violations.filter(({ invariant }) => invariant === name).length
    return count === 0 ? [] : [`${name} (${count})`]
  })
  return counts.length === 0 ? 'none' : counts.join(', ')
}
