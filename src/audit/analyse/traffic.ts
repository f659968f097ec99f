import { DAY, SECOND } from '../../engine/units.js'
import type { Columns } from '../message-log.js'
import { BLOCK_NUMBERS, type Places } from './places.js'
import type { Sessions } from './sessions.js'

/** Bins of time in which countries and operators are counted, s: the finest that a log has at most so many of. */
const BINS_S = [900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400] as const
const MOST_BINS = 10_000
const DAY_S = DAY / SECOND
/** Users who ask so often on a day do not all stay away for so many: the log has a hole. */
export const SILENCE_DAYS = 7
const SILENCE_MESSAGES = 10

/**
 * Sessions grouped by block, in time order within each: what the searches read, front to back, 11 bytes a session.
 */
export interface Traffic {
  places: Places
  /** Unix ms that `second` counts from: midnight UTC before the first message */
  epoch: number
  /** s from `epoch` to after the last message */
  span: number
  binS: number
  bins: number
  days: number
  /** per day, 1: of a silence, so many days and more without a message in all the log: nothing was recorded */
  silent: Uint8Array
  /** s of silence before each day, and in all: rates are by the rest of the time */
  silence: Float64Array
  /** first session of each block, and the number of sessions */
  start: Uint32Array
  /** per session: s since `epoch` */
  second: Uint32Array
  /** bits of SESSION */
  state: Uint8Array
  /** last four digits */
  last: Uint16Array
  /** first row of the log */
  row: Uint32Array
  /** what all its messages cost, millionths of the log's currency: whole numbers, so that sums are to the cent */
  price: Float32Array
  /** P(pumped) as found so far */
  pumped: Float32Array
  /** messages whose last digits are masked make numbers of a block look alike */
  masked: boolean
}

export function groupTraffic(
  columns: Columns,
  order: Uint32Array,
  places: Places,
  { first, state }: Sessions,
): Traffic {
  const blocks = places.blockKey.length
  const start = new Uint32Array(blocks + 1)
  let sessions = 0
  for (let row = 0; row < order.length; row++) {
    if (first[row] !== row) continue
    const block = (places.blockOf[row] as number) + 1
    start[block] = (start[block] as number) + 1
    sessions++
  }
  for (let b = 0; b < blocks; b++) start[b + 1] = (start[b + 1] as number) + (start[b] as number)
  const firstAt = columns.at[order[0] as number] as number
  const lastAt = columns.at[order[order.length - 1] as number] as number
  const epoch = Math.floor(firstAt / DAY) * DAY
  const span = Math.floor((lastAt - epoch) / SECOND) + 1
  const binS = BINS_S.find((bin) => span / bin <= MOST_BINS) ?? DAY_S
  const traffic: Traffic = {
    places,
    epoch,
    span,
    binS,
    bins: Math.ceil(span / binS),
    days: Math.ceil(span / DAY_S),
    ...silencesOf(columns, order, epoch, Math.ceil(span / DAY_S)),
    start,
    second: new Uint32Array(sessions),
    state: new Uint8Array(sessions),
    last: new Uint16Array(sessions),
    row: new Uint32Array(sessions),
    price: new Float32Array(sessions),
    pumped: new Float32Array(sessions),
    masked: false,
  }
  const next = start.slice(0, blocks)
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number
    if (first[row] !== row) continue
    const block = places.blockOf[row] as number
    const place = next[block] as number
    next[block] = place + 1
    traffic.second[place] = Math.floor(((columns.at[row] as number) - epoch) / SECOND)
    traffic.state[place] = state[row] as number
    traffic.last[place] = (columns.number[row] as number) % BLOCK_NUMBERS
    traffic.row[place] = row
    if ((columns.masked[row] as number) > 0) traffic.masked = true
  }
  return traffic
}

function silencesOf(
  { at }: Columns,
  order: Uint32Array,
  epoch: number,
  days: number,
): Pick<Traffic, 'silent' | 'silence'> {
  const silent = new Uint8Array(days).fill(1)
  for (const row of order) silent[Math.floor(((at[row] as number) - epoch) / DAY)] = 0
  const active = silent.reduce((sum, one) => sum + 1 - one, 0)
  if (order.length < SILENCE_MESSAGES * active) silent.fill(0)
  for (let day = 0; day < days; day++) {
    let end = day
    while (silent[end] === 1) end++
    if (end - day < SILENCE_DAYS) silent.fill(0, day, end)
    day = end
  }
  const silence = new Float64Array(days + 1)
  for (let day = 0; day < days; day++)
    silence[day + 1] = (silence[day] as number) + (silent[day] as number) * DAY_S
  return { silent, silence }
}

/** A second of the log without the silences before it: rates are by the time in which something was recorded. */
export function activeAt({ silent, silence }: Traffic, second: number): number {
  const day = Math.min(silent.length - 1, Math.floor(second / DAY_S))
  return second - (silence[day] as number) - (silent[day] === 1 ? second - day * DAY_S : 0)
}

/** Seconds of the log in which something was recorded. */
export const activeSpan = ({ span, silence, days }: Traffic): number =>
  span - (silence[days] as number)

const MICRO = 1e6

/** What a session cost, in the log's currency; 0 until prices are known. */
export const costOf = ({ price }: Traffic, session: number): number =>
  (price[session] as number) / MICRO

/** Sessions of a range: [from, to) in the columns of the traffic. */
export interface Stretch {
  from: number
  to: number
}

const sessionsOfBlocks = (t: Traffic, from: number, to: number): Stretch => ({
  from: t.start[from] as number,
  to: t.start[to] as number,
})
export const sessionsOfOperator = (t: Traffic, operator: number): Stretch =>
  sessionsOfBlocks(
    t,
    t.places.operatorStart[operator] as number,
    t.places.operatorStart[operator + 1] as number,
  )
export const sessionsOfCountry = (t: Traffic, country: number): Stretch =>
  sessionsOfBlocks(
    t,
    t.places.operatorStart[t.places.countryStart[country] as number] as number,
    t.places.operatorStart[t.places.countryStart[country + 1] as number] as number,
  )
