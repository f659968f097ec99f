import type { MessagePrices } from './message-prices.js'
import type { Sessions } from './sessions.js'
import type { Traffic } from './traffic.js'

const MICRO = 1e6

export interface Money {
  /** price of a row in the log's currency */
  priceOf(row: number): number
  total: number
  /** share of messages whose price was missing */
  estimated: number
  /** of all messages, those priced by the list */
  listed: number
  /** per session: how many messages it had */
  messages: Uint16Array
}

/** Prices the sessions of the traffic. */
export function priceMessages(t: Traffic, { first }: Sessions, prices: MessagePrices): Money {
  const size = t.places.blockOf.length
  const sessionOf = new Uint32Array(size)
  for (let i = 0; i < t.row.length; i++) sessionOf[t.row[i] as number] = i
  const messages = new Uint16Array(t.row.length)
  const priceOf = (row: number): number => prices.billed(row) / MICRO
  const from = { log: 0, country: 0, list: 0 }
  let total = 0
  for (let row = 0; row < size; row++) {
    const price = priceOf(row)
    const i = sessionOf[first[row] as number] as number
    total += price
    t.price[i] = (t.price[i] as number) + Math.round(price * MICRO)
    messages[i] = Math.min(65_535, (messages[i] as number) + 1)
    from[prices.from(row)]++
  }
  const of = Math.max(1, size)
  return {
    ...{ priceOf, total, messages },
    ...{ estimated: (from.country + from.list) / of, listed: from.list / of },
  }
}
