import { varianceOf } from './describe-incident.js'
import { blocksOf } from './mark.js'
import type { Money } from './money.js'
import type { RangeTotals } from './range-findings.js'
import { DAY_S } from './season.js'
import { within } from './signs.js'
import type { Traffic } from './traffic.js'
import type { Day } from './trend.js'

/** Sums of every day; the variance of a range's money goes to its days by their part of it. */
export function dayTotals(t: Traffic, money: Money, ranges: readonly RangeTotals[]): Day[] {
  const days = Array.from({ length: t.days }, () => ({
    ...{ messages: 0, spend: 0, fraud: 0, variance: 0 },
  }))
  const dayOf = (i: number): Day | undefined => days[Math.floor((t.second[i] as number) / DAY_S)]
  for (let i = 0; i < t.second.length; i++) {
    const day = dayOf(i)
    if (day === undefined) continue
    const price = money.session[i] as number
    day.messages += money.messages[i] as number
    day.spend += price
    day.fraud += price * (t.pumped[i] as number)
  }
  for (const range of ranges) {
    if (range.fraud <= 0) continue
    const variance = varianceOf(range) / range.fraud
    const [first, end] = blocksOf(t, range.episode)
    for (let block = first; block < end; block++) {
      const { from, to } = within(t, block, range.episode.from, range.episode.to)
      for (let i = from; i < to; i++) {
        const day = dayOf(i)
        if (day !== undefined)
          day.variance += variance * (money.session[i] as number) * (t.pumped[i] as number)
      }
    }
  }
  return days
}
