import { median } from '../../engine/median.js'
import { createRandom } from '../../lab/random.js'
import { examplePrices } from '../../phone/prices.js'
import type { MessageLog } from '../message-log.js'
import type { Places } from './places.js'

/** Prices kept of a country to take the middle of. */
const SAMPLE = 1_001

/** The middle price of each country's messages that cost anything, micro of the log's currency; NaN: none did. */
function usualPrices(log: MessageLog, { countryOfRow, countries }: Places): number[] {
  const { priceMicro } = log.columns
  const samples = countries.map((): number[] => [])
  const seen = new Uint32Array(countries.length)
  const random = createRandom(1)
  for (let row = 0; row < log.size; row++) {
    const price = priceMicro[row] as number
    if (!(price > 0)) continue
    const at = countryOfRow(row)
    const sample = samples[at] as number[]
    const priced = (seen[at] as number) + 1
    seen[at] = priced
    if (sample.length < SAMPLE) {
      sample.push(price)
      continue
    }
    // reservoir: every price of the country is in the sample with the same chance
    const i = random.below(priced)
    if (i < SAMPLE) sample[i] = price
  }
  return samples.map((sample) => (sample.length === 0 ? Number.NaN : median(sample)))
}

/** The one currency of a log; readers leave rows of others out. '' reads as US dollars. */
export const currencyOf = (log: MessageLog): string => log.currencies[1] ?? 'USD'

/**
 * What messages cost: as billed; where the log has no price, what is usual in the country; where it has none for the
 * country either, the example table.
 * @param usdPerUnit US dollars for one unit of the log's currency; `null` where nobody gave a rate
 */
export function pricesOf(log: MessageLog, places: Places, usdPerUnit: number | null) {
  const usual = usualPrices(log, places)
  const { dearest } = examplePrices()
  const table = places.countries.map((country) => dearest(country, ''))
  const { priceMicro } = log.columns
  return {
    /** micro of the log's currency, never NaN */
    billed(row: number): number {
      const price = priceMicro[row] as number
      if (price >= 0) return price
      const at = places.countryOfRow(row)
      const middle = usual[at] as number
      return middle > 0 ? middle : (table[at] as number) / (usdPerUnit ?? 1)
    },
    /** What a gate expects the message to cost before it is sent, micro-USD: a failed one was not known to be free. */
    expectedMicroUsd(row: number): number {
      const at = places.countryOfRow(row)
      const price = priceMicro[row] as number
      const known = price > 0 ? price : (usual[at] as number)
      return known > 0 && usdPerUnit !== null ? known * usdPerUnit : (table[at] as number)
    },
    usdPerUnit,
  }
}

export type MessagePrices = ReturnType<typeof pricesOf>
