import type { Asked, Slot } from './asked.js'
import { chargeEvent, EVENT } from './events.js'
import type { Reading } from './reading.js'

/** What a request leaves on its values: an event for each, one and the same for many of them. */
export interface Marks {
  /** each slot's event, `null` for none */
  of: (Buffer | null)[]
  id: number
}

/** What a request has left on which values. */
export interface Left {
  asked: Asked
  marks: Marks
}

/** What was reserved before it was decided. */
export interface Hold extends Left {
  demand: Charged
  reserved: Promise<Reading>
  /** what it is decided on; `null` until it is known */
  reading: Reading | null
  /** when it was asked for, Unix ms */
  at: number
  /** the same by the monotonic clock */
  since: number
}

export interface Charged {
  /** per line of LINES */
  costs: ArrayLike<number>
  priceMicroUsd: number
  opensSession: boolean
  carried: boolean
  as: 'send' | 'asked'
}

export function marksOf(asked: Asked, demand: Charged, id: number, at: number): Marks {
  const { slots, query, throttles, numberBit, countryBit } = asked
  const of: (Buffer | null)[] = []
  const made: Made[] = []
  const sends = demand.as === 'send'
  const opens = demand.opensSession || !sends
  const firstThrottle = slots.length - throttles
  for (let i = 0; i < slots.length; i++) {
    const { entity } = slots[i] as Slot
    const cost = sends && entity.line >= 0 ? (demand.costs[entity.line] as number) : 0
    const counted =
      i >= firstThrottle
        ? sends
        : cost > 0 ||
          (sends && entity.counts) ||
          (opens && entity.senses) ||
          (sends && (demand.opensSession || demand.carried) && entity.number !== null)
    if (!counted) {
      of.push(null)
      continue
    }
    const price = sends && entity.spends ? demand.priceMicroUsd : 0
    // which of a block's numbers it was is remembered only there
    const subscriber = entity.remembers ? query.subscriber : -1
    let k = 0
    while (k < made.length && !isSame(made[k] as Made, cost, price, subscriber)) k++
    if (k === made.length) {
      const event = chargeEvent(sends ? EVENT.charge : EVENT.asked, id, at, {
        numberBit,
        countryBit,
        opens: demand.opensSession,
        carried: demand.carried,
        subscriber,
        cost,
        price,
      })
      made.push({ cost, price, subscriber, event })
    }
    of.push((made[k] as Made).event)
  }
  return { of, id }
}

interface Made {
  cost: number
  price: number
  subscriber: number
  event: Buffer
}

const isSame = (made: Made, cost: number, price: number, subscriber: number): boolean =>
  made.cost === cost && made.price === price && made.subscriber === subscriber
