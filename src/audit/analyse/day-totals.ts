import { varianceOf } from './describe-incident.js'
import type { Episode } from './episode.js'
import { blocksOf } from './mark.js'
import type { Money } from './money.js'
import { DAY_S } from './season.js'
import { within } from './signs.js'
import type { Traffic } from './traffic.js'
import type { Day } from './trend.js'

/** Money pumped in an episode's range and time, whatever found it. */
function fraudIn(t: Traffic, episode: Episode): number {
  const [first, end] = blocksOf(t, episode)
  let sum = 0
  for (let block = first; block < end; block++) {
    const { from, to } = within(t, block, episode.from, episode.to)
    for (let i = from; i < to; i++) sum += (t.price[i] as number) * (t.pumped[i] as number)
  }
  return sum
}

/** Sums of every day; the variance of an episode's money goes to its days by their part of it. */
export function dayTotals(t: Traffic, money: Money, episodes: readonly Episode[]): Day[] {
  const days = Array.from({ length: t.days }, () => ({
    ...{ messages: 0, spend: 0, fraud: 0, variance: 0 },
  }))
  const dayOf = (i: number): Day | undefined => days[Math.floor((t.second[i] as number) / DAY_S)]
  for (let i = 0; i < t.second.length; i++) {
    const day = dayOf(i)
    if (day === undefined) continue
    const price = t.price[i] as number
    day.messages += money.messages[i] as number
    day.spend += price
    day.fraud += price * (t.pumped[i] as number)
  }
  for (const episode of episodes) {
    if (episode.addedMoney <= 0) continue
    const [first, end] = blocksOf(t, episode)
    const whole = fraudIn(t, episode)
    const variance = varianceOf(episode) / Math.max(1e-9, whole)
    for (let block = first; block < end; block++) {
      const { from, to } = within(t, block, episode.from, episode.to)
      for (let i = from; i < to; i++) {
        const day = dayOf(i)
        if (day !== undefined)
          day.variance += variance * (t.price[i] as number) * (t.pumped[i] as number)
      }
    }
  }
  return days
}
