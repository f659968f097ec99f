import type { ConsoleStore, RollupSum, TallyName } from '../ledger/console-port.js'
import type { RangeLine } from '../verify/range-lines.js'
import type { Gate } from '../verify/types.js'
import {
  isMeant,
  marksOf,
  placeOf,
  RANGE_LEVELS,
  type RangeLevel,
  type RangeMark,
  type RangePlace,
  type RangeQuestion,
  readOperator,
  type Speaking,
} from './ranges.js'
import { beforeSpan, bucketsOf, type Span } from './span.js'
import { emptyTally } from './tally.js'
import { byKey, meanPrice, type TrafficFigures, trafficOf } from './traffic-row.js'

/** The fullest line of a range over the services. Micro-USD. */
export interface RangeCredit extends Pick<RangeLine, 'debt' | 'limit' | 'utilisation' | 'closed'> {
  service: string
}

export interface RangeReading extends RangePlace, TrafficFigures {
  /** name of the operator, else empty */
  name: string
  credit: RangeCredit | null
  marks: RangeMark[]
}

export interface RangeReader {
  ledger: Pick<ConsoleStore, 'series' | 'top'>
  gate: Pick<Gate, 'rangeLines'>
  /** whose lines are read */
  services: readonly string[]
  speaking: Speaking
}

export interface RangeAsk {
  span: Span
  by: TallyName
  /** only of this service; over all when absent */
  service?: string
}

/** Rows of a table at most; the largest are shown. */
export const MOST_ROWS = 100
/** Countries and operators that are looked through for a name. */
const NAMED_MOST = 2_000
/** Blocks and sub-blocks found by a prefix. */
const FOUND_MOST = 50

const CHILD: Record<RangeLevel, RangeLevel | null> = {
  country: 'operator',
  operator: 'block',
  block: 'subBlock',
  subBlock: null,
}

/** Ranges below a range, or countries where there is none, the largest first. */
export async function readChildren(
  reader: RangeReader,
  ask: RangeAsk,
  parent: { level: RangeLevel; key: string; operator: string | null } | null,
): Promise<{ rows: RangeReading[]; more: boolean }> {
  const level = parent === null ? RANGE_LEVELS[0] : CHILD[parent.level]
  if (level === null) return { rows: [], more: false }
  const { from, to, period } = ask.span
  const sums = await reader.ledger.top(
    { dimension: level, period, from, to, parent: parent?.key ?? '', ...of(ask) },
    ask.by,
    MOST_ROWS + 1,
  )
  const rows = await readRows(
    reader,
    ask,
    level,
    sums.slice(0, MOST_ROWS),
    () => parent?.operator ?? null,
  )
  return { rows, more: sums.length > MOST_ROWS }
}

/** The range of a key, whether or not there was traffic in the span. */
export async function readRange(
  reader: RangeReader,
  ask: RangeAsk,
  place: RangePlace,
): Promise<RangeReading | null> {
  const parent = {
    country: '',
    operator: place.country,
    block: place.operator,
    subBlock: place.block,
  }[place.level]
  const sums = await sumsOf(reader, ask, place.level, [place.key])
  const sum = sums[0] ?? { ...emptyTally(), key: place.key, parent: parent ?? '' }
  const rows = await readRows(reader, ask, place.level, [sum], () => place.operator)
  return rows[0] ?? null
}

/** What a prefix or a name stands for: ranges in it and ranges around it, the widest first. */
export async function findRanges(
  reader: RangeReader,
  ask: RangeAsk,
  question: RangeQuestion,
): Promise<RangeReading[]> {
  const { ledger } = reader
  const { from, to, period } = ask.span
  const filter = { period, from, to, ...of(ask) }
  if (question.by === 'words') {
    const found: RangeReading[] = []
    for (const dimension of ['country', 'operator'] as const) {
      const sums = await ledger.top({ ...filter, dimension }, ask.by, NAMED_MOST)
      const meant = sums.filter(({ key }) => isMeant(question.words, dimension, key))
      found.push(
        ...(await readRows(reader, ask, dimension, meant.slice(0, FOUND_MOST), () => null)),
      )
    }
    return found
  }
  const { prefix, around } = question
  const blocks = [
    ...(await ledger.top({ ...filter, dimension: 'block', prefix }, ask.by, FOUND_MOST)),
    ...(await sumsOf(reader, ask, 'block', around.slice(0, -1))),
  ]
  const subBlocks = [
    ...(await ledger.top({ ...filter, dimension: 'subBlock', prefix }, ask.by, FOUND_MOST)),
    ...(await sumsOf(reader, ask, 'subBlock', around.slice(0, -1))),
  ]
  const parents = await sumsOf(reader, ask, 'block', [
    ...new Set(subBlocks.map(({ parent }) => parent)),
  ])
  const operators = new Map([...blocks, ...parents].map(({ key, parent }) => [key, parent]))
  const wide = [...new Set(blocks.map(({ parent }) => parent))]
  const countries = [...new Set(wide.map((key) => readOperator(key).country))]
  return [
    ...(await readRows(
      reader,
      ask,
      'country',
      await sumsOf(reader, ask, 'country', countries),
      () => null,
    )),
    ...(await readRows(
      reader,
      ask,
      'operator',
      await sumsOf(reader, ask, 'operator', wide),
      () => null,
    )),
    ...(await readRows(reader, ask, 'block', distinct(blocks), () => null)),
    ...(await readRows(
      reader,
      ask,
      'subBlock',
      distinct(subBlocks),
      (block) => operators.get(block) ?? null,
    )),
  ]
}

const of = ({ service }: RangeAsk) => (service === undefined ? {} : { service })

const distinct = (sums: readonly RollupSum[]): RollupSum[] => [
  ...new Map(sums.map((sum) => [sum.key, sum])).values(),
]

async function sumsOf(
  { ledger }: RangeReader,
  ask: RangeAsk,
  dimension: RangeLevel,
  keys: readonly string[],
): Promise<RollupSum[]> {
  if (keys.length === 0) return []
  const { from, to, period } = ask.span
  return ledger.top({ dimension, period, from, to, keys, ...of(ask) }, ask.by, keys.length)
}

/** Sums as rows: with their course, what is usual, their credit and what speaks of them. */
async function readRows(
  { ledger, gate, services, speaking }: RangeReader,
  ask: RangeAsk,
  dimension: RangeLevel,
  sums: readonly RollupSum[],
  operatorOf: (block: string) => string | null,
): Promise<RangeReading[]> {
  if (sums.length === 0) return []
  const { span } = ask
  const keys = sums.map(({ key }) => key)
  const base = { dimension, keys, ...of(ask) }
  const points = byKey(
    await ledger.series({ ...base, period: span.period, from: span.trendFrom, to: span.to }),
  )
  const before = byKey(await ledger.top({ ...base, ...beforeSpan(span) }, 'sends', keys.length))
  const buckets = bucketsOf(span)
  const rows: RangeReading[] = []
  for (const sum of sums) {
    const place = placeOf(dimension, sum.key, sum.parent, operatorOf)
    const figures = trafficOf(sum, before.get(sum.key)?.[0], points.get(sum.key) ?? [], buckets)
    const credit = await fullest(gate, services, ask, place, sum)
    const name = place.operator === null ? '' : readOperator(place.operator).name
    rows.push({ ...place, ...figures, name, credit, marks: marksOf(place, speaking) })
  }
  return rows
}

async function fullest(
  gate: RangeReader['gate'],
  services: readonly string[],
  ask: RangeAsk,
  place: RangePlace,
  sum: RollupSum,
): Promise<RangeCredit | null> {
  const all = await creditsOf(
    gate,
    ask.service === undefined ? services : [ask.service],
    place,
    sum,
  )
  return all.reduce<RangeCredit | null>(
    (most, one) => (most === null || one.utilisation > most.utilisation ? one : most),
    null,
  )
}

/** The line of a range in each service, as it stands now. */
export async function creditsOf(
  gate: RangeReader['gate'],
  services: readonly string[],
  place: RangePlace,
  sum: RollupSum,
): Promise<RangeCredit[]> {
  if (place.country === '') return []
  const path = {
    country: place.country,
    operatorRange: place.operator,
    block: place.block,
    subBlock: place.level === 'subBlock' ? place.key : null,
    priceMicroUsd: meanPrice(sum) ?? 0,
  }
  const found: RangeCredit[] = []
  for (const service of services) {
    const line = (await gate.rangeLines(service, path)).find((one) => one.line === place.level)
    if (line === undefined) continue
    const { debt, limit, utilisation, closed } = line
    found.push({ service, debt, limit, utilisation, closed })
  }
  return found
}
