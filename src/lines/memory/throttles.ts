import { hash64 } from '../../engine/hash.js'
import type { Throttle } from '../../engine/measures.js'
import { SUBJECTS } from '../../engine/policy.js'
import { HOUR } from '../../engine/units.js'
import { countWindow, readWindow } from './counters.js'
import { subjectSeed } from './keys.js'
import type { SlotTable } from './slot-table.js'

/** Beside the keys that a request carries: no device can be called like a throttle. */
const THROTTLE = SUBJECTS.length
const WINDOW = { subject: 'global', windowMs: HOUR } as const
const NONE = new Float64Array(0)

/** Where counters are found and made; what finds no room shares one with the others. */
export interface Places {
  table: SlotTable
  seed(): number
  find(high: number, low: number): number
  claim(high: number, low: number, now: number): number
}

/** Messages of the last hour (of up to five quarters of one) per throttle. */
export function readThrottles(
  { table, seed, find }: Places,
  throttles: readonly Throttle[],
  now: number,
): Float64Array {
  if (throttles.length === 0) return NONE
  return Float64Array.from(throttles, ({ key }) => {
    const { high, low } = hash64(key, subjectSeed(seed(), THROTTLE))
    const at = find(high, low)
    return at < 0 ? 0 : readWindow(table, at, WINDOW, now)
  })
}

/** Another message may go out under all of them. */
export const isWithin = (places: Places, throttles: readonly Throttle[], now: number): boolean => {
  const sent = readThrottles(places, throttles, now)
  return throttles.every(({ limit }, i) => (sent[i] as number) < limit)
}

export function countThrottles(
  { table, seed, claim }: Places,
  throttles: readonly Throttle[],
  now: number,
): void {
  for (const { key } of throttles) {
    const { high, low } = hash64(key, subjectSeed(seed(), THROTTLE))
    countWindow(table, claim(high, low, now), WINDOW, now)
  }
}
