import { DAY, HOUR } from '../../engine/units.js'
import type { Judged } from '../defences/judged.js'
import { potentialsOf } from '../defences/potential.js'
import type { Survey } from '../defences/survey.js'

/** Unverified messages that people leave behind, as lines of credit see them as debt. */
export interface NormalDebt {
  /** most unverified messages of a block in a day, of 999 in 1,000 active days of blocks */
  blockDaily: number
  /** dearest unverified hour of any market, of 99 in 100 of its hours; micro of the log's currency */
  marketHourlyMicro: number
  /** codes entered of messages that are not pumped, in the markets and elsewhere; null: too few to tell */
  conversion: { markets: number | null; elsewhere: number | null }
}

const MOST_COUNTED = 256
const BLOCK_DAYS = 0.999
const HOURS = 0.99
/** Messages with an outcome from which a conversion is told. */
const ENOUGH = 200

/** The smallest count that so many of a histogram's entries do not exceed. */
function countAt(histogram: Uint32Array, share: number): number {
  let total = 0
  for (const n of histogram) total += n
  let below = 0
  for (let count = 0; count < histogram.length; count++) {
    below += histogram[count] as number
    if (below >= share * total && total > 0) return count
  }
  return 0
}

/**
 * What ordinary people owe: rows that nothing speaks against, verified or not as the log says, or as usual where it does
 * not say.
 */
export function normalDebt(survey: Survey, judged: Judged, markets: readonly string[]): NormalDebt {
  const { log, places, prices } = survey
  const { order, certainty } = judged
  const { at } = log.columns
  const { verifies } = potentialsOf(survey, judged, markets)
  const inside = places.countries.map((country) => markets.includes(country))
  const blocks = places.read.blockKey.length
  const dayOf = new Int32Array(blocks).fill(-1)
  const owed = new Uint16Array(blocks)
  const histogram = new Uint32Array(MOST_COUNTED)
  const hours = places.countries.map(() => new Map<number, number>())
  const sent = { markets: 0, elsewhere: 0 }
  const entered = { markets: 0, elsewhere: 0 }

  const note = (block: number): void => {
    const count = Math.min(MOST_COUNTED - 1, owed[block] as number)
    histogram[count] = (histogram[count] as number) + 1
  }
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number
    if (certainty[row] !== 0) continue
    const block = places.blockOf[row] as number
    const day = Math.floor((at[row] as number) / DAY)
    if (dayOf[block] !== day) {
      if (dayOf[block] !== -1) note(block)
      dayOf[block] = day
      owed[block] = 0
    }
    const country = places.countryOf[block] as number
    const side = inside[country] === true ? 'markets' : 'elsewhere'
    sent[side]++
    if (verifies(row)) {
      entered[side]++
      continue
    }
    owed[block] = Math.min(MOST_COUNTED, (owed[block] as number) + 1)
    if (side === 'elsewhere') continue
    const hour = Math.floor((at[row] as number) / HOUR)
    const spent = hours[country] as Map<number, number>
    spent.set(hour, (spent.get(hour) ?? 0) + prices.billed(row))
  }
  for (let block = 0; block < blocks; block++) if (dayOf[block] !== -1) note(block)

  const first = Math.floor((at[order[0] ?? 0] ?? 0) / HOUR)
  const last = Math.floor((at[order[order.length - 1] ?? 0] ?? 0) / HOUR)
  const spare = Math.ceil((1 - HOURS) * (last - first + 1))
  let marketHourlyMicro = 0
  for (const spent of hours) {
    const dearest = [...spent.values()].sort((a, b) => b - a)
    // hours without debt are hours too
    marketHourlyMicro = Math.max(marketHourlyMicro, dearest[spare] ?? 0)
  }
  const share = (side: 'markets' | 'elsewhere'): number | null =>
    sent[side] >= ENOUGH ? entered[side] / sent[side] : null
  return {
    blockDaily: countAt(histogram, BLOCK_DAYS),
    marketHourlyMicro,
    conversion: { markets: share('markets'), elsewhere: share('elsewhere') },
  }
}
