import { describe, expect, it } from 'vitest'
import { createRandom } from '../../lab/random.js'
import { DAY, HOUR } from '../units.js'
import { chiSquare999, createMix } from './mix.js'

const T0 = Date.UTC(2026, 10, 16)
const COUNTRIES = Array.from({ length: 24 }, (_, i) => `C${i}`)

/** Sends by a skewed mix, evenly over time; `extra` takes a share of them. */
function feed(
  mix: ReturnType<typeof createMix>,
  seed: number,
  from: number,
  hours: number,
  perHour: number,
  extra: { country: string; share: number } | null = null,
  each: (at: number) => void = () => undefined,
): void {
  const random = createRandom(seed)
  for (let i = 0; i < hours * perHour; i++) {
    const at = from + Math.floor((i * HOUR) / perHour)
    const usual = COUNTRIES[Math.floor(24 * random.next() ** 2.5)] ?? 'C0'
    mix.count(extra !== null && random.chance(extra.share) ? extra.country : usual, at)
    each(at)
  }
}

it('the chi-square quantile is that of the tables', () => {
  // 99.9 % quantiles for 5, 23 and 100 degrees of freedom
  for (const [df, table] of [
    [5, 20.515],
    [23, 49.728],
    [100, 149.449],
  ] as const)
    expect(Math.abs(chiSquare999(df) / table - 1)).toBeLessThan(0.015)
})

describe('the country mix', () => {
  it('says nothing on the first day', () => {
    const mix = createMix()
    feed(mix, 1, T0, 23, 300)
    expect(mix.drift('C0')).toBeNull()
  })

  it('does not drift by chance', () => {
    const mix = createMix()
    feed(mix, 1, T0, 24, 100)
    let looks = 0
    let alarms = 0
    feed(mix, 2, T0 + DAY, 72, 100, null, () => {
      const drift = mix.drift('C0')
      if (drift === null) return
      looks++
      if (drift.psi > drift.threshold) alarms++
    })
    expect(looks).toBeGreaterThan(7_000)
    expect(alarms / looks).toBeLessThan(0.01)
  })

  it('sees a new country that takes a tenth, and names it', () => {
    const mix = createMix()
    feed(mix, 1, T0, 30, 400)
    feed(mix, 2, T0 + 30 * HOUR, 2, 440, { country: 'UZ', share: 0.1 })
    const uz = { ...mix.drift('UZ') }
    expect(uz.psi).toBeGreaterThan(uz.threshold ?? 1)
    expect(uz.share).toBeGreaterThan(0.05)
    expect(uz.usual).toBeLessThan(0.01)
    expect(uz.part).toBeGreaterThan(0.6)
    expect(mix.drift('C0')?.part).toBeLessThan(0.1)
  })

  it('gets used to a launch over days, not to a flood within the hour', () => {
    const mix = createMix()
    feed(mix, 1, T0, 30, 400)
    const launch = { country: 'UZ', share: 0.2 }
    feed(mix, 3, T0 + 30 * HOUR, 5, 400, launch)
    const soon = mix.drift('UZ')?.usual ?? 1
    feed(mix, 4, T0 + 35 * HOUR, 14 * 24, 100, launch)
    expect(soon).toBeLessThan(0.05)
    expect(mix.drift('UZ')?.usual).toBeGreaterThan(0.08)
  })

  it('goes on after a restart as if there had been none, and keeps to its capacity', () => {
    const whole = createMix({ capacity: 10 })
    feed(whole, 1, T0, 30, 200)
    const resumed = createMix({ capacity: 10 })
    resumed.restore(JSON.parse(JSON.stringify(whole.snapshot())))
    for (const mix of [whole, resumed]) feed(mix, 5, T0 + 30 * HOUR, 3, 200)
    expect(resumed.snapshot()).toEqual(whole.snapshot())
    expect(whole.snapshot().countries).toHaveLength(10)
    expect({ ...resumed.drift('C1') }).toEqual({ ...whole.drift('C1') })
  })
})
