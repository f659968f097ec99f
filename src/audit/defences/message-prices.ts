import { median } from '../../engine/median.js'
import { examplePrices } from '../../phone/prices.js'
import type { MessageLog } from '../message-log.js'
import type { Places } from './places.js'

/** Prices of a country that its middle one is taken from: the first that count, as the analysis takes them. */
const SAMPLE = 1_001

/** The middle price of a segment by country, of the messages that count; NaN: none did. */
function middlePrices(
  { columns, size }: MessageLog,
  { countryOfRow, countries }: Places,
  counts: (price: number) => boolean,
): number[] {
  const samples = countries.map((): number[] => [])
  for (let row = 0; row < size; row++) {
    const price = columns.priceMicro[row] as number
    if (!counts(price)) continue
    const sample = samples[countryOfRow(row)] as number[]
    if (sample.length < SAMPLE) sample.push(price / Math.max(1, columns.segments[row] as number))
  }
  return samples.map((sample) => (sample.length === 0 ? Number.NaN : median(sample)))
}

/** The one currency of a log; readers leave rows of others out. Where it names none, US dollars. */
export const currencyOf = (log: MessageLog): string => log.billedIn || 'USD'

/**
 * What messages cost: as billed; where the log has no price, what is usual in the country; where it has none for the
 * country either, the example table.
 * @param usdPerUnit US dollars for one unit of the log's currency; `null` where nobody gave a rate
 */
export function pricesOf(log: MessageLog, places: Places, usdPerUnit: number | null) {
  // failed messages are often free: they lower what a message is billed on average, not what a gate must reckon with
  const usual = middlePrices(log, places, (price) => price >= 0)
  const usualSent = middlePrices(log, places, (price) => price > 0)
  const { dearest } = examplePrices()
  const table = places.countries.map((country) => dearest(country, ''))
  const { priceMicro, segments } = log.columns
  const segmentsOf = (row: number): number => Math.max(1, segments[row] as number)
  return {
    /** micro of the log's currency, never NaN */
    billed(row: number): number {
      const price = priceMicro[row] as number
      if (price >= 0) return price
      const at = places.countryOfRow(row)
      const middle = usual[at] as number
      return segmentsOf(row) * (middle >= 0 ? middle : (table[at] as number) / (usdPerUnit ?? 1))
    },
    /** What a gate expects the message to cost before it is sent, micro-USD: a failed one was not known to be free. */
    expectedMicroUsd(row: number): number {
      const at = places.countryOfRow(row)
      const price = priceMicro[row] as number
      const known = price > 0 ? price : segmentsOf(row) * (usualSent[at] as number)
      return known > 0 && usdPerUnit !== null ? known * usdPerUnit : (table[at] as number)
    },
    usdPerUnit,
  }
}

export type MessagePrices = ReturnType<typeof pricesOf>
