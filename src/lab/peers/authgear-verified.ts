import { DAY, HOUR } from '../../engine/units.js'
import { createTally, Fading } from './sliding.js'

/** Days whose best counts: today and the 14 before it, by UTC. */
const DAYS = 15
/** Steps of the rolling counts: a quarter of an hour, and a minute. */
const DAY_SLOTS = 96
const HOUR_SLOTS = 60

interface Daily {
  counts: Float64Array
  today: number
}

/** How many codes each country and address has verified: what Authgear's budgets are a share of. */
export function createVerified() {
  const countryDay = createTally(DAY, DAY_SLOTS)
  const countryHour = createTally(HOUR, HOUR_SLOTS)
  const ipDay = createTally(DAY, DAY_SLOTS)
  const daily = new Fading<Daily>(DAYS * DAY)

  function daysOf(country: string, now: number): Daily {
    const today = Math.floor(now / DAY)
    let days = daily.get(country, now)
    if (days === undefined) {
      days = { counts: new Float64Array(DAYS), today }
      daily.set(country, days, now)
    }
    for (let passed = 0; days.today < today && passed < DAYS; passed++) {
      days.today++
      days.counts[days.today % DAYS] = 0
    }
    days.today = Math.max(days.today, today)
    return days
  }

  return {
    add(country: string, ip: string | null, now: number): void {
      countryDay.add(country, now)
      countryHour.add(country, now)
      if (ip !== null) ipDay.add(ip, now)
      const { counts, today } = daysOf(country, now)
      counts[today % DAYS] = (counts[today % DAYS] as number) + 1
    },
    inDay: (country: string, now: number): number => countryDay.count(country, now),
    inHour: (country: string, now: number): number => countryHour.count(country, now),
    ofIp: (ip: string, now: number): number => ipDay.count(ip, now),
    /** most of one UTC day, today and the 14 days before */
    bestDay(country: string, now: number): number {
      let best = 0
      for (const n of daysOf(country, now).counts) best = Math.max(best, n)
      return best
    },
  }
}
