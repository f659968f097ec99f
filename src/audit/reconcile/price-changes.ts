import type { PriceChange } from './reconciliation.js'

/** Prices of a segment seen on one day, and how often. */
interface Day {
  counts: Map<number, number>
  messages: number
  segments: number
}

/** Different prices of a day that are told apart. */
const MOST_PRICES = 64
/** Messages from which the last period alone tells of a change. */
const LAST_MESSAGES = 5
/** Prices are the same within half a percent: rounding of converted amounts. */
const SAME = 0.005

/** Whether two prices of a segment are the same for all that an invoice can tell. */
export const isSamePrice = (a: number, b: number): boolean =>
  Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b))

const usualOf = ({ counts }: Day): number => {
  let best = Number.NaN
  let most = 0
  for (const [price, n] of counts)
    if (n > most) {
      most = n
      best = price
    }
  return best
}

/**
 * Follows the price of a segment of each operator from period to period: a price that is another one for two periods
 * with messages in a row has changed, on the first of them.
 */
export function createPriceWatch() {
  const operators = new Map<string, { country: string; days: Map<string, Day> }>()
  return {
    /** @param price of one segment, currency; messages that cost nothing say nothing */
    note(
      country: string,
      operator: string,
      period: string,
      price: number,
      messages: number,
      segments: number,
    ): void {
      if (!(price > 0)) return
      let of = operators.get(operator)
      if (of === undefined) {
        of = { country, days: new Map() }
        operators.set(operator, of)
      }
      let day = of.days.get(period)
      if (day === undefined) {
        day = { counts: new Map(), messages: 0, segments: 0 }
        of.days.set(period, day)
      }
      const exact = Number(price.toFixed(7))
      if (day.counts.size < MOST_PRICES || day.counts.has(exact))
        day.counts.set(exact, (day.counts.get(exact) ?? 0) + messages)
      day.messages += messages
      day.segments += segments
    },
    /** Changes, most money first; operators of a country that changed alike on the same day are one. */
    changes(): PriceChange[] {
      const found = new Map<string, PriceChange>()
      for (const [operator, { country, days }] of operators) {
        const periods = [...days].sort(([a], [b]) => (a < b ? -1 : 1))
        let current = Number.NaN
        let open: PriceChange | undefined
        for (const [i, [since, day]] of periods.entries()) {
          const price = usualOf(day)
          const following = periods[i + 1]
          const stays =
            following === undefined
              ? day.messages >= LAST_MESSAGES
              : isSamePrice(usualOf(following[1]), price)
          if (Number.isNaN(current)) current = price
          else if (!isSamePrice(price, current) && stays) {
            const key = `${country} ${since} ${current} ${price}`
            open = found.get(key)
            if (open === undefined) {
              open = {
                country,
                operators: [],
                since,
                from: current,
                to: price,
                messages: 0,
                money: 0,
              }
              found.set(key, open)
            }
            open.operators.push(operator)
            current = price
          }
          if (open === undefined) continue
          open.messages += day.messages
          open.money += day.segments * (open.to - open.from)
        }
      }
      return [...found.values()].sort((a, b) => Math.abs(b.money) - Math.abs(a.money))
    },
  }
}
