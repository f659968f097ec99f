import type { Demand } from '../../engine/state.js'
import type { Asked } from './asked.js'
import { chargeEvent, EVENT, ID_BYTES } from './events.js'

/** What a request leaves on its values: an event for each, one and the same for many of them. */
export interface Marks {
  /** place of each slot's event in `events`, -1 for none */
  places: Int8Array
  events: Buffer[]
  ttls: number[]
}

/** What was reserved before it was decided. */
export interface Hold {
  asked: Asked
  marks: Marks
  costs: Float64Array
  price: number
  id: number
  /** the number's session was open: this is no first send */
  isResend: boolean
  /** when it was reserved, by the monotonic clock */
  since: number
}

type Charged = Pick<Demand, 'costs' | 'priceMicroUsd' | 'opensSession' | 'as'>

export function marksOf(asked: Asked, demand: Charged, id: number, at: number): Marks {
  const { slots, hashes, query, throttles } = asked
  const places = new Int8Array(slots.length).fill(-1)
  const marks: Marks = { places, events: [], ttls: [] }
  const costs: number[] = []
  const prices: number[] = []
  const subscribers: number[] = []
  const sends = demand.as === 'send'
  const firstThrottle = slots.length - throttles
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i]
    if (slot === undefined) continue
    const { entity } = slot
    const cost = sends && entity.line >= 0 ? (demand.costs[entity.line] as number) : 0
    const opens = demand.opensSession || !sends
    const counted =
      i >= firstThrottle
        ? sends
        : cost > 0 ||
          (sends && entity.counts) ||
          (opens && entity.senses) ||
          (sends && demand.opensSession && entity.kept.some(({ record }) => record.is === 'number'))
    if (!counted) continue
    const price = sends && entity.spends ? demand.priceMicroUsd : 0
    // which of a block's numbers it was is remembered only there
    const subscriber = entity.remembers ? query.subscriber : -1
    let place = 0
    while (
      place < costs.length &&
      (costs[place] !== cost ||
        prices[place] !== price ||
        subscribers[place] !== subscriber ||
        marks.ttls[place] !== entity.ttlMs)
    )
      place++
    if (place === costs.length) {
      costs.push(cost)
      prices.push(price)
      subscribers.push(subscriber)
      marks.ttls.push(entity.ttlMs)
      marks.events.push(
        chargeEvent(sends ? EVENT.charge : EVENT.asked, id, at, {
          numberBit: hashes.numberBit,
          countryBit: hashes.countryBit,
          opens: demand.opensSession,
          subscriber,
          cost,
          price,
        }),
      )
    }
    places[i] = place
  }
  return marks
}

export const eventAt = ({ places, events }: Marks, i: number): Buffer | null => {
  const place = places[i] as number
  return place < 0 ? null : (events[place] ?? null)
}

/** What the events of one request are found by. */
export const finderOf = ({ events }: Marks): Buffer | null =>
  events[0] === undefined ? null : events[0].subarray(1, 1 + ID_BYTES)
