import { median } from '../../engine/median.js'
import { DAY_S } from './season.js'
import { sessionsOfCountry, type Traffic } from './traffic.js'

/** A country with this share of the sessions on its middle day belongs to the user base. */
const SHARE = 0.005
/** In a log of four weeks and more a half of it counts by itself: a launch in spring is a market by summer. */
const HALVES_FROM_DAYS = 28

/**
 * Countries whose people use the application steadily, as places: what stands for markets where none were declared. By
 * the median of days, which no burst moves.
 */
export function userBase(t: Traffic): Set<number> {
  const all = new Float64Array(t.days)
  for (let i = 0; i < t.second.length; i++) {
    const day = Math.floor((t.second[i] as number) / DAY_S)
    all[day] = (all[day] as number) + 1
  }
  const spans: [number, number][] = [[0, t.days]]
  if (t.days >= HALVES_FROM_DAYS) {
    spans.push([0, t.days >> 1], [t.days >> 1, t.days])
  }
  const base = new Set<number>()
  t.places.countries.forEach((_, country) => {
    const days = new Float64Array(t.days)
    const { from, to } = sessionsOfCountry(t, country)
    for (let i = from; i < to; i++) {
      const day = Math.floor((t.second[i] as number) / DAY_S)
      days[day] = (days[day] as number) + 1
    }
    const steady = spans.some(([begin, end]) => {
      const shares: number[] = []
      for (let d = begin; d < end; d++) {
        if ((all[d] as number) > 0) shares.push((days[d] as number) / (all[d] as number))
      }
      return median(shares) >= SHARE
    })
    if (steady) base.add(country)
  })
  return base
}
