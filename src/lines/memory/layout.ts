import { LINES, SUBJECTS } from '../../engine/policy.js'
import { emptyCounters, emptySource, type SourceCounters } from '../../engine/signals/counters.js'
import {
  type DistinctSpec,
  type Gathered,
  type Layout,
  LINE_WIDTH,
  type SpendSpec,
  type WindowSpec,
} from '../../engine/state.js'
import { DAY, HOUR } from '../../engine/units.js'
import { KIND, lineKind } from './records.js'

/** One record a layout asks for: where it lies and what is read from it. */
export type Wanted = {
  /** index of SUBJECTS: whose key it hangs on */
  subject: number
  kind: number
  /** tells several records of one kind and key apart */
  salt: number
  /** place in what `gather` answers with */
  index: number
  /** two rules may read one counter; only the first of them counts */
  counts: boolean
} & (
  | { is: 'line' | 'number' | 'range' | 'tail' }
  /** `line`: index of the source's line */
  | { is: 'source'; line: number }
  | { is: 'window'; spec: WindowSpec }
  | { is: 'distinct'; spec: DistinctSpec }
  | { is: 'spend'; spec: SpendSpec }
)

/** The records that one key has in one table: they lie side by side and are read in one pass. */
export interface KeyRecords {
  subject: number
  table: number
  records: readonly Wanted[]
  /** place of the first of them in the list of all records */
  from: number
}

/** What `gather` answers with, filled anew each time: making its arrays costs more than reading what goes into them. */
export interface Refilled {
  state: Gathered
  ranges: readonly { name: (typeof RANGES)[number]; subject: number }[]
  /** of each of SOURCES: its subject, its counters, and which distinct counts are its numbers and countries; -1 for none */
  sources: readonly {
    name: (typeof SOURCES)[number]
    subject: number
    counters: SourceCounters
    numbers: number
    countries: number
  }[]
}

/** A layout with its places worked out once. */
export interface PlacedLayout extends Refilled {
  layout: Layout
  keys: readonly KeyRecords[]
  records: number
  spend: readonly (Wanted & { is: 'spend' })[]
}

/** Lines whose sums outgrow 32-bit floats: operator, country, abroad, service. There are few of them. */
export const WIDE_LINES = LINES.map((name) =>
  ['operator', 'country', 'abroad', 'service'].includes(name),
)
const PERIOD_SALT = { hour: 1, day: 2, month: 3 }
/** Ranges and sources that signals look at, in the order of their counters. */
export const RANGES = ['block', 'operator', 'country'] as const
export const SOURCES = ['ip', 'subnet', 'network', 'device', 'account'] as const

/** The tables of the store: slots of eight words, of sixteen, and those for counters of ranges. */
export const NARROW = 0
export const WIDE = 1
export const COUNTERS = 2
function tableOf(record: Wanted): number {
  if (record.is === 'range' || record.is === 'tail') return COUNTERS
  const wide = record.is === 'spend' || (record.is === 'line' && WIDE_LINES[record.index] === true)
  return wide ? WIDE : NARROW
}

/** Every record that a layout asks for. */
export function wantedOf(layout: Layout): Wanted[] {
  const seen = new Set<string>()
  const place = (name: string, kind: number, salt: number, index: number) => {
    const subject = (SUBJECTS as readonly string[]).indexOf(name)
    const key = `${subject}|${kind}|${salt}`
    const counts = !seen.has(key)
    seen.add(key)
    return { subject, kind, salt, index, counts }
  }
  return [
    ...LINES.map((name, i) => ({ is: 'line' as const, ...place(name, lineKind(i), 0, i) })),
    { is: 'number' as const, ...place('number', KIND.number, 0, 0) },
    ...layout.windows.map((spec, i) => ({
      is: 'window' as const,
      spec,
      ...place(spec.subject, KIND.window, spec.windowMs, i),
    })),
    ...layout.distinct.map((spec, i) => ({
      is: 'distinct' as const,
      spec,
      ...place(spec.per, KIND.distinct, spec.windowMs + (spec.of === 'numbers' ? 0 : 1), i),
    })),
    ...RANGES.flatMap((name, i) => [
      { is: 'range' as const, ...place(name, KIND.range, 0, i) },
      { is: 'tail' as const, ...place(name, KIND.tail, 0, i) },
    ]),
    ...SOURCES.map((name, i) => ({
      is: 'source' as const,
      line: LINES.indexOf(name),
      ...place(name, KIND.source, 0, i),
    })),
    ...layout.spend.map((spec, i) => ({
      is: 'spend' as const,
      spec,
      ...place(spec.scope, KIND.spend, PERIOD_SALT[spec.period], i),
    })),
  ]
}

export function placeLayout(layout: Layout): PlacedLayout {
  const wanted = wantedOf(layout)
  const keys: KeyRecords[] = []
  let from = 0
  for (const table of [NARROW, WIDE, COUNTERS]) {
    for (let subject = 0; subject < SUBJECTS.length; subject++) {
      const records = wanted.filter((r) => r.subject === subject && tableOf(r) === table)
      if (records.length === 0) continue
      keys.push({ subject, table, records, from })
      from += records.length
    }
  }
  return {
    ...refilled(layout),
    layout,
    keys,
    records: from,
    spend: wanted.filter((r) => r.is === 'spend'),
  }
}

const subjectOf = (name: string): number => (SUBJECTS as readonly string[]).indexOf(name)
const RANGE_SUBJECTS = RANGES.map((name) => ({ name, subject: subjectOf(name) }))

export function refilled(layout: Layout): Refilled {
  const countOf = (of: DistinctSpec['of'], per: string, windowMs: number): number =>
    layout.distinct.findIndex((d) => d.of === of && d.per === per && d.windowMs === windowMs)
  return {
    state: emptyState(layout),
    ranges: RANGE_SUBJECTS,
    sources: SOURCES.map((name) => ({
      name,
      subject: subjectOf(name),
      counters: emptySource(),
      numbers: countOf('numbers', name, HOUR),
      countries: countOf('countries', name, DAY),
    })),
  }
}

/** The state of a request of which nothing is known. */
const emptyState = (layout: Layout): Gathered => ({
  lines: new Float64Array(LINES.length * LINE_WIDTH),
  windows: new Float64Array(layout.windows.length),
  distinct: new Float64Array(layout.distinct.length),
  spend: new Float64Array(layout.spend.length),
  throttled: new Float64Array(0),
  verifiedAt: 0,
  sourceKnown: false,
  sessionAt: 0,
  carriedAt: 0,
  counters: emptyCounters(),
  degraded: false,
})

const NUMBER_LINE = LINES.indexOf('number') * LINE_WIDTH

/** Counters that follow from the rest of a request's state, once all of it is read. */
export function finishCounters(
  state: Gathered,
  sources: readonly { counters: SourceCounters; numbers: number; countries: number }[],
): void {
  for (const { counters, numbers, countries } of sources) {
    counters.numbers1h = numbers < 0 ? 1 : (state.distinct[numbers] as number)
    counters.countries1d = countries < 0 ? 1 : (state.distinct[countries] as number)
  }
  const { lines } = state
  const owed = (lines[NUMBER_LINE + 1] as number) + (lines[NUMBER_LINE + 4] as number)
  state.counters.sessionSends = state.sessionAt === 0 ? 0 : Math.max(1, Math.round(owed))
}
