import type { RollupPeriod } from './console-port.js'
import type { Amounts, Place } from './tally.js'
import { bucketOf, periodsOf } from './tally-time.js'

/** What is added to one row of the roll-ups. */
export interface Change extends Place {
  period: RollupPeriod
  at: number
  service: string
  amounts: number[]
}

/** Rows of one bucket by dimension, service, parent and key. */
type Bucket = Map<string, Change>

/** Sums of one step, before they are written. */
export class TallyBook {
  readonly #buckets = new Map<RollupPeriod, Map<number, Bucket>>()

  add(at: number, service: string, places: readonly Place[], amounts: Amounts): void {
    for (const place of places) {
      const name = `${place.dimension}\n${service}\n${place.parent}\n${place.key}`
      for (const period of periodsOf(place.dimension)) {
        const start = bucketOf(period, at)
        const bucket = this.#bucket(period, start)
        const change = bucket.get(name)
        if (change !== undefined) addTo(change.amounts, amounts)
        else {
          const { dimension, parent, key } = place
          bucket.set(name, {
            ...{ dimension, parent, key, period, at: start, service },
            amounts: amounts.slice(),
          })
        }
      }
    }
  }

  changes(): Change[] {
    return [...this.#buckets.values()].flatMap((buckets) =>
      [...buckets.values()].flatMap((bucket) => [...bucket.values()]),
    )
  }

  #bucket(period: RollupPeriod, at: number): Bucket {
    const buckets = this.#buckets.get(period) ?? new Map<number, Bucket>()
    if (buckets.size === 0) this.#buckets.set(period, buckets)
    const bucket = buckets.get(at) ?? new Map<string, Change>()
    if (bucket.size === 0) buckets.set(at, bucket)
    return bucket
  }
}

function addTo(sums: number[], amounts: Amounts): void {
  for (let i = 0; i < amounts.length; i++) {
    const amount = amounts[i] ?? 0
    if (amount !== 0) sums[i] = (sums[i] ?? 0) + amount
  }
}
