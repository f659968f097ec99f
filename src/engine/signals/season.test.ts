import { describe, expect, it } from 'vitest'
import { createRandom } from '../../lab/random.js'
import { DAY, HOUR } from '../units.js'
import { createSeason } from './season.js'

const T0 = Date.UTC(2026, 10, 16)
const WEEKDAYS = 40
/** single-peak day, trough at 04:00, peak at 16:00; half as much at weekends */
const rate = (at: number): number => {
  const date = new Date(at)
  const rhythm = 1 - 0.8 * Math.cos((2 * Math.PI * (date.getUTCHours() - 4)) / 24)
  return WEEKDAYS * rhythm * ([0, 6].includes(date.getUTCDay()) ? 0.5 : 1)
}

function feed(
  season: ReturnType<typeof createSeason>,
  from: number,
  hours: number,
  times = 1,
): void {
  const random = createRandom(from % 1_000)
  for (let h = 0; h < hours; h++) {
    const at = from + h * HOUR
    const n = Math.round(rate(at) * times + 3 * (random.next() - 0.5))
    for (let k = 0; k < n; k++) season.count('NG', at + k)
  }
}

describe('the seasonal baseline', () => {
  it('says nothing on the first day, and the hour of the day from the second', () => {
    const season = createSeason()
    feed(season, T0, 24)
    expect(season.usual('NG', T0 + 20 * HOUR)).toBeNull()
    feed(season, T0 + DAY, 2)
    for (const hour of [4, 10, 16]) {
      const at = T0 + DAY + hour * HOUR
      const usual = season.usual('NG', at)
      expect(Math.abs((usual?.median ?? 0) - rate(at))).toBeLessThan(4)
      expect(usual?.flat).toBeGreaterThan(20)
    }
    expect(season.usual('unknown', T0 + 2 * DAY)).toBeNull()
  })

  it('tells the weekend from the week once it has seen two of each', () => {
    const season = createSeason()
    feed(season, T0, 15 * 24)
    const saturday = T0 + 19 * DAY + 16 * HOUR
    feed(season, T0 + 15 * DAY, 4 * 24)
    const usual = season.usual('NG', saturday)
    expect(Math.abs((usual?.median ?? 0) - rate(saturday))).toBeLessThan(4)
    expect(usual?.spread).toBeLessThan(3)
  })

  it('moves by a tenth a week at most once learned', () => {
    const season = createSeason()
    feed(season, T0, 21 * 24)
    const at = T0 + 28 * DAY + 16 * HOUR
    const before = season.usual('NG', T0 + 21 * DAY + 16 * HOUR)?.median ?? 0
    feed(season, T0 + 21 * DAY, 7 * 24, 20)
    const after = season.usual('NG', at)?.median ?? 0
    expect(after).toBeGreaterThan(before)
    expect(after).toBeLessThanOrEqual(before * 1.1 + 1e-3)
  })

  it('does not learn what is flagged, even a little late', () => {
    const flagged = createSeason()
    feed(flagged, T0, 48)
    const attack = T0 + 2 * DAY + 3 * HOUR
    feed(flagged, T0 + 2 * DAY, 3)
    for (let k = 0; k < 5_000; k++) flagged.count('NG', attack + k)
    flagged.count('NG', attack + HOUR)
    flagged.exclude('NG', attack)
    const at = attack + DAY
    expect(flagged.usual('NG', at)?.median).toBeLessThan(20)
    for (let k = 0; k < 5_000; k++) flagged.count('NG', at + k)
    flagged.exclude('NG', at)
    const again = flagged.usual('NG', at + DAY)
    expect(again?.median).toBeLessThan(20)
    expect(again?.spread).toBeLessThan(5)
  })

  it('outvotes one bad night it was not told of, after three days', () => {
    const season = createSeason()
    feed(season, T0, 3 * 24)
    const night = T0 + 3 * DAY + 3 * HOUR
    feed(season, T0 + 3 * DAY, 3)
    for (let k = 0; k < 5_000; k++) season.count('NG', night + k)
    feed(season, night + HOUR, 30)
    expect(season.usual('NG', night + 2 * DAY)?.median).toBeLessThan(20)
  })

  it('learns silence', () => {
    const season = createSeason()
    feed(season, T0, 48)
    expect(season.usual('NG', T0 + 40 * DAY + 16 * HOUR)?.median).toBeLessThan(
      rate(T0 + 16 * HOUR) / 2,
    )
  })

  it('forgets the longest idle key when full', () => {
    const season = createSeason({ capacity: 3 })
    for (const [i, key] of ['a', 'b', 'c', 'd'].entries()) season.count(key, T0 + i * HOUR)
    expect(season.size()).toBe(3)
    expect(season.snapshot().map((s) => s.key)).toEqual(['b', 'c', 'd'])
  })

  it('goes on after a restart as if there had been none', () => {
    const whole = createSeason()
    feed(whole, T0, 40)
    const resumed = createSeason()
    resumed.restore(JSON.parse(JSON.stringify(whole.snapshot())))
    for (const season of [whole, resumed]) feed(season, T0 + 40 * HOUR, 60)
    expect(resumed.snapshot()).toEqual(whole.snapshot())
    expect(resumed.usual('NG', T0 + 100 * HOUR)).toEqual(whole.usual('NG', T0 + 100 * HOUR))
  })
})
