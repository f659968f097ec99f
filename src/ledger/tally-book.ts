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

/** Sums of one step, before they are written. */
export class TallyBook {
  readonly #changes = new Map<string, Change>()

  add(at: number, service: string, places: readonly Place[], amounts: Amounts): void {
    for (const place of places) {
      const name = `${place.dimension}\n${place.parent}\n${place.key}\n${service}`
      for (const period of periodsOf(place.dimension)) {
        const bucket = bucketOf(period, at)
        const id = `${period}${bucket}${name}`
        const change = this.#changes.get(id)
        if (change === undefined)
          this.#changes.set(id, { ...place, period, at: bucket, service, amounts: [...amounts] })
        else
          for (let i = 0; i < amounts.length; i++)
            change.amounts[i] = (change.amounts[i] ?? 0) + (amounts[i] ?? 0)
      }
    }
  }

  changes(): Change[] {
    return [...this.#changes.values()]
  }
}
