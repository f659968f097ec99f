import { median } from '../../engine/median.js'
import { examplePrices, type PriceTable } from '../../phone/prices.js'
import type { Columns, MessageLog } from '../message-log.js'
import { blockName, type Places } from './places.js'

/** Prices of a country that its middle one is taken from: the first that count. */
const SAMPLE = 1_001

/** Where the price of a message is from: the log, other messages to its country, or the price list. */
export type PriceFrom = 'log' | 'country' | 'list'

export interface PricingOptions {
  /** US dollars for one unit of the log's currency: the price list is in US dollars @default 1 where it is USD, else unknown */
  usdPerUnit?: number
  /** prices of countries of which the log has none @default the example ones */
  list?: PriceTable
}

/** Where the rows are, and of what country their blocks. */
interface Rows {
  columns: Columns
  size: number
  places: Places
  countryOf: ArrayLike<number>
}

/** The middle price of a segment by country, of the messages that count; NaN: none did. */
function middlePrices(
  { columns, size, places, countryOf }: Rows,
  counts: (price: number) => boolean,
): number[] {
  const samples = places.countries.map((): number[] => [])
  for (let row = 0; row < size; row++) {
    const price = columns.priceMicro[row] as number
    if (!counts(price)) continue
    const sample = samples[countryOf[places.blockOf[row] as number] as number] as number[]
    if (sample.length < SAMPLE) sample.push(price / Math.max(1, columns.segments[row] as number))
  }
  return samples.map((sample) => (sample.length === 0 ? Number.NaN : median(sample)))
}

/** The one currency of a log; readers leave rows of others out. Where it names none, US dollars. */
export const currencyOf = (log: MessageLog): string => log.billedIn || 'USD'

/** Dollars for a unit of a log's currency; `null`: nobody said. */
export const rateOf = (currency: string, { usdPerUnit }: PricingOptions): number | null =>
  usdPerUnit ?? (currency === 'USD' ? 1 : null)

/**
 * What messages cost: as billed; where the log has no price, what is usual in the country; where it has none for the
 * country either, the price list. Every figure of a report takes its prices from here.
 * @param usdPerUnit as {@link rateOf} gives it; without one the dollars of the list are taken one for one
 */
export function pricesOf(
  { columns, size }: Pick<MessageLog, 'columns' | 'size'>,
  places: Places,
  usdPerUnit: number | null,
  list = examplePrices(),
) {
  const countryOf = countryOfBlocks(places)
  const rows = { columns, size, places, countryOf }
  // failed messages are often free: they lower what a message is billed on average, not what a gate must reckon with
  const usual = middlePrices(rows, (price) => price >= 0)
  const usualSent = middlePrices(rows, (price) => price > 0)
  const listed = new Float64Array(places.blockKey.length)
  const { priceMicro, segments } = columns
  const { blockOf } = places
  const countryAt = (row: number): number => countryOf[blockOf[row] as number] as number
  const segmentsOf = (row: number): number => Math.max(1, segments[row] as number)

  /** of a segment, micro-USD */
  function listedAt(row: number): number {
    const block = blockOf[row] as number
    if (listed[block] === 0) {
      const country = places.countries[countryOf[block] as number] as string
      listed[block] = list.priceOf({ e164: `${blockName(places, block)}5555`, country })
    }
    return listed[block] as number
  }

  return {
    /** micro of the log's currency, never NaN */
    billed(row: number): number {
      const price = priceMicro[row] as number
      if (price >= 0) return price
      const middle = usual[countryAt(row)] as number
      return segmentsOf(row) * (middle >= 0 ? middle : listedAt(row) / (usdPerUnit ?? 1))
    },
    /** Where {@link billed} has the price of a message from. */
    from(row: number): PriceFrom {
      if ((priceMicro[row] as number) >= 0) return 'log'
      return (usual[countryAt(row)] as number) >= 0 ? 'country' : 'list'
    },
    /** What a gate expects the message to cost before it is sent, micro-USD: a failed one was not known to be free. */
    expectedMicroUsd(row: number): number {
      const price = priceMicro[row] as number
      const known = price > 0 ? price : segmentsOf(row) * (usualSent[countryAt(row)] as number)
      return known > 0 && usdPerUnit !== null ? known * usdPerUnit : segmentsOf(row) * listedAt(row)
    },
    usdPerUnit,
    list,
  }
}

export type MessagePrices = ReturnType<typeof pricesOf>

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
