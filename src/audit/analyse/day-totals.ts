import { DAY } from '../../engine/units.js'
import type { Columns } from '../message-log.js'
import { doubtOf, varianceOf } from './describe-incident.js'
import type { Episode } from './episode.js'
import { blocksOf } from './mark.js'
import type { Money } from './money.js'
import { DAY_S } from './season.js'
import { within } from './signs.js'
import { costOf, type Traffic } from './traffic.js'
import type { Day } from './trend.js'

/** Money pumped in an episode's range and time, whatever found it. */
function fraudIn(t: Traffic, episode: Episode): number {
  const [first, end] = blocksOf(t, episode)
  let sum = 0
  for (let block = first; block < end; block++) {
    const { from, to } = within(t, block, episode.from, episode.to)
    for (let i = from; i < to; i++) sum += costOf(t, i) * (t.pumped[i] as number)
  }
  return sum
}

/**
 * Sums of every day. A message counts on its own day, whatever day its session began on: the sums are those of an invoice.
 * The variance and the doubt of an episode's money go to its days by their part of it.
 */
export function dayTotals(
  { at }: Pick<Columns, 'at'>,
  t: Traffic,
  money: Money,
  probability: Float32Array,
  episodes: readonly Episode[],
): Day[] {
  const days = Array.from({ length: t.days }, () => ({
    ...{ messages: 0, spend: 0, fraud: 0, variance: 0, doubt: 0 },
  }))
  for (let row = 0; row < probability.length; row++) {
    const day = days[Math.floor(((at[row] as number) - t.epoch) / DAY)]
    if (day === undefined) continue
    const price = money.priceOf(row)
    day.messages++
    day.spend += price
    day.fraud += price * (probability[row] as number)
  }
  const dayOf = (i: number): Day | undefined => days[Math.floor((t.second[i] as number) / DAY_S)]
  for (const episode of episodes) {
    if (episode.addedMoney <= 0) continue
    const [first, end] = blocksOf(t, episode)
    const whole = fraudIn(t, episode)
    const variance = varianceOf(episode) / Math.max(1e-9, whole)
    const doubt = doubtOf(episode) / Math.max(1e-9, whole)
    for (let block = first; block < end; block++) {
      const { from, to } = within(t, block, episode.from, episode.to)
      for (let i = from; i < to; i++) {
        const day = dayOf(i)
        if (day === undefined) continue
        const part = costOf(t, i) * (t.pumped[i] as number)
        day.variance += variance * part
        day.doubt += doubt * part
      }
    }
  }
  return days
}
