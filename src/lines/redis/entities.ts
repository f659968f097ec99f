import { LINES, SUBJECTS } from '../../engine/policy.js'
import type { Layout } from '../../engine/state.js'
import { type Wanted, WIDE_LINES, wantedOf } from '../memory/layout.js'
import {
  DAY_SECONDS,
  FORGOTTEN_HALF_LIVES,
  KEPT_SECONDS,
  NARROW_WORDS,
  WIDE_WORDS,
} from '../memory/records.js'
import type { Reading } from './reading.js'

/** A record of an entity: what is asked of it, and where its cells lie while a request is read. */
export interface Placed {
  record: Wanted
  /** words from the begin of the entity's cells */
  offset: number
  words: number
}

/** All that hangs on one key of a request: one value in Redis. */
export interface Entity {
  subject: number
  /** two global counters of different rules are two entities: services that have only one of them share that */
  salt: number
  /** index of its line in LINES, -1 for none */
  line: number
  records: readonly Placed[]
  /** the same without those that two rules share */
  kept: readonly Placed[]
  /** of the records, those that say something though nothing was kept yet */
  blank: readonly Wanted[]
  /** what is charged counts in it even when its line is not */
  counts: boolean
  /** signals count in it */
  senses: boolean
  /** where it is the number's: its verification and open session */
  number: Placed | null
  /** the last numbers that were asked for are remembered in it */
  remembers: boolean
  /** money spent is added up in it */
  spends: boolean
  /** from so many events on its value is worth a new base */
  events: number
  /** of its cells */
  words: number
  /** how long its value says something after its last change, ms */
  ttlMs: number
}

export interface Plan {
  entities: readonly Entity[]
  /** states that nobody reads any more: making one costs as much as filling three */
  idle: Reading[]
}

/**
 * What is behind half the requests has few values: theirs may be longer, and a new base comes less often than a
 * request. The values of people are many: theirs are kept short.
 */
const SHARED: readonly string[] = ['operator', 'country', 'abroad', 'service', 'network', 'global']
const EVENTS = { shared: 8, own: 2 }
const BLANK: ReadonlySet<Wanted['is']> = new Set(['distinct', 'range', 'tail', 'source'])
const GLOBAL = SUBJECTS.indexOf('global')

const wordsOf = (record: Wanted): number => {
  if (record.is === 'range' || record.is === 'tail') return WIDE_WORDS
  return record.is === 'line' && WIDE_LINES[record.index] ? WIDE_WORDS : NARROW_WORDS
}

const keptMs = (record: Wanted, layout: Layout): number => {
  switch (record.is) {
    case 'line':
      return FORGOTTEN_HALF_LIVES * (layout.slowHalfLifeMs[record.index] as number)
    case 'window':
    case 'distinct':
      return 2 * record.spec.windowMs
    case 'number':
      return DAY_SECONDS * 1_000
    default:
      return (KEPT_SECONDS[record.kind] ?? DAY_SECONDS) * 1_000
  }
}

/** What a layout keeps, grouped by the keys of a request. */
export function planOf(layout: Layout): Plan {
  const wanted = wantedOf(layout)
  const entities: Entity[] = []
  const place = (subject: number, salt: number, records: readonly Wanted[]): void => {
    if (records.length === 0) return
    const kept: Placed[] = []
    let words = 0
    const all = records.map((record): Placed => {
      const same = kept.find((k) => k.record.kind === record.kind && k.record.salt === record.salt)
      const made = { record, offset: same?.offset ?? words, words: wordsOf(record) }
      if (same === undefined) {
        kept.push(made)
        words += made.words
      }
      return made
    })
    const has = (...kinds: Wanted['is'][]): boolean => records.some(({ is }) => kinds.includes(is))
    entities.push({
      ...{ subject, salt, records: all, kept, words },
      line: records.find(({ is }) => is === 'line')?.index ?? -1,
      counts: has('window', 'distinct', 'spend'),
      blank: records.filter(({ is }) => BLANK.has(is)),
      number: all.find(({ record }) => record.is === 'number') ?? null,
      events: SHARED.includes(SUBJECTS[subject] ?? '') ? EVENTS.shared : EVENTS.own,
      senses: has('range', 'tail', 'source', 'distinct'),
      remembers: records.some(({ is, index }) => is === 'tail' && index === 0),
      spends: has('spend'),
      ttlMs: Math.max(...records.map((record) => keptMs(record, layout))),
    })
  }
  for (const [subject] of SUBJECTS.entries()) {
    const records = wanted.filter((r) => r.subject === subject)
    if (subject !== GLOBAL) place(subject, 0, records)
    else
      for (const id of new Set(records.map((r) => r.kind * 2 ** 32 + r.salt)))
        place(
          subject,
          id,
          records.filter((r) => r.kind * 2 ** 32 + r.salt === id),
        )
  }
  return { entities, idle: [] }
}

/** Entity of a line; every line has one. */
export const lineEntity = (plan: Plan, line: number): Entity => {
  const found = plan.entities.find((entity) => entity.line === line)
  if (found === undefined) throw new Error(`no entity for line ${LINES[line] ?? line}`)
  return found
}
