import { median } from '../../engine/median.js'
import { parseNumber } from '../../phone/parse.js'
import type { PriceTable } from '../../phone/prices.js'
import type { Columns } from '../message-log.js'
import { blockName, type Places } from './places.js'
import type { Sessions } from './sessions.js'
import type { Traffic } from './traffic.js'

const MICRO = 1e6
/** Prices looked at per country for its middle one. */
const SAMPLE = 1_001

export interface Money {
  /** price of a row in the log's currency */
  priceOf(row: number): number
  total: number
  /** share of messages whose price was missing */
  estimated: number
  /** per session: how many messages it had */
  messages: Uint16Array
}

/**
 * Prices the sessions of the traffic. A missing price is the middle one of its country in this log, else that of the table.
 * @param usdPerUnit US dollars for one unit of the log's currency: the table is in US dollars
 */
export function priceMessages(
  columns: Columns,
  t: Traffic,
  { first }: Sessions,
  table: PriceTable,
  usdPerUnit = 1,
): Money {
  const { places } = t
  const size = places.blockOf.length
  const countryOf = countryOfBlocks(places)
  const samples: number[][] = places.countries.map(() => [])
  let missing = 0
  for (let row = 0; row < size; row++) {
    const price = columns.priceMicro[row] as number
    if (Number.isNaN(price)) {
      missing++
      continue
    }
    const sample = samples[countryOf[places.blockOf[row] as number] as number]
    if (sample !== undefined && sample.length < SAMPLE)
      sample.push(price / Math.max(1, columns.segments[row] as number))
  }
  const usual = Float64Array.from(samples, (sample, country) => {
    if (sample.length > 0) return median(sample) / MICRO
    if (missing === 0) return 0
    const operator = places.countryStart[country] as number
    const block = places.operatorStart[operator] as number
    return table.priceOf(parseNumber(`${blockName(places, block)}5555`)) / MICRO / usdPerUnit
  })
  const priceOf = (row: number): number => {
    const price = columns.priceMicro[row] as number
    if (!Number.isNaN(price)) return price / MICRO
    const country = countryOf[places.blockOf[row] as number] as number
    return (usual[country] as number) * Math.max(1, columns.segments[row] as number)
  }
  const sessionOf = new Uint32Array(size)
  for (let i = 0; i < t.row.length; i++) sessionOf[t.row[i] as number] = i
  const messages = new Uint16Array(t.row.length)
  let total = 0
  for (let row = 0; row < size; row++) {
    const price = priceOf(row)
    const i = sessionOf[first[row] as number] as number
    total += price
    t.price[i] = (t.price[i] as number) + Math.round(price * MICRO)
    messages[i] = Math.min(65_535, (messages[i] as number) + 1)
  }
  return { priceOf, total, estimated: missing / Math.max(1, size), messages }
}

/** Country of each block, as a place. */
export function countryOfBlocks(places: Places): Uint16Array {
  const found = new Uint16Array(places.blockKey.length)
  places.countries.forEach((_, country) => {
    const from = places.operatorStart[places.countryStart[country] as number] as number
    const to = places.operatorStart[places.countryStart[country + 1] as number] as number
    found.fill(country, from, to)
  })
  return found
}
