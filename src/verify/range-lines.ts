import { type CompiledService, LINE_INDEX, SUBJECT_INDEX } from '../engine/compile.js'
import { isAbroad } from '../engine/keys.js'
import { NO_THROTTLES } from '../engine/measures.js'
import { type LineName, SUBJECTS } from '../engine/policy.js'
import type { Readings } from '../engine/readings.js'
import type { Query } from '../engine/state.js'

/** Lines of destinations, narrowest first: they are in money. */
export const RANGE_LINES = [
  'subBlock',
  'block',
  'operator',
  'country',
] as const satisfies readonly LineName[]
export type RangeLineName = (typeof RANGE_LINES)[number]

/** A range by the keys of itself and of those around it; `null` below the range. */
export interface RangePath {
  country: string
  operatorRange: string | null
  block: string | null
  subBlock: string | null
  /** of one message there, micro-USD */
  priceMicroUsd: number
}

/** One line of credit as it stands, on the time scale on which it is fuller. Micro-USD. */
export interface RangeLine {
  line: RangeLineName
  key: string
  debt: number
  limit: number
  /** debt over limit */
  utilisation: number
  /** the next message would bring it over the debt at which it closes */
  closed: boolean
}

/** What is asked of the store: the lines of the range alone, of no number and no source. */
export function rangeQuery(name: string, service: CompiledService, path: RangePath): Query {
  const keys = new Array<string>(SUBJECTS.length).fill('')
  keys[SUBJECT_INDEX.subBlock] = path.subBlock ?? ''
  keys[SUBJECT_INDEX.block] = path.block ?? ''
  keys[SUBJECT_INDEX.operator] = path.operatorRange ?? ''
  keys[SUBJECT_INDEX.country] = path.country
  keys[SUBJECT_INDEX.abroad] = isAbroad(service, path.country) ? 'abroad' : ''
  return {
    service: name,
    layout: service.layout,
    keys,
    country: path.country,
    subscriber: -1,
    sources: ['', ''],
    throttles: NO_THROTTLES,
  }
}

/** The lines of a range out of all readings, which are good until the next call. */
export function rangeLinesOf({ keys }: Query, readings: Readings): RangeLine[] {
  return RANGE_LINES.flatMap((line) => {
    const key = keys[LINE_INDEX[line]] ?? ''
    return key === '' ? [] : [{ line, key, ...standingOf(readings, line) }]
  })
}

/** How a line stands, on the time scale on which it is fuller. */
export type Standing = Pick<RangeLine, 'debt' | 'limit' | 'utilisation' | 'closed'>

export function standingOf(readings: Readings, line: LineName): Standing {
  const i = LINE_INDEX[line]
  const of = (debt: Float64Array, limit: Float64Array) => ({
    debt: debt[i] ?? 0,
    limit: limit[i] ?? 0,
    utilisation: (debt[i] ?? 0) / Math.max(1, limit[i] ?? 0),
  })
  const fast = of(readings.debtFast, readings.limitFast)
  const slow = of(readings.debtSlow, readings.limitSlow)
  return {
    ...(fast.utilisation >= slow.utilisation ? fast : slow),
    closed: readings.closed[i] === 1,
  }
}
