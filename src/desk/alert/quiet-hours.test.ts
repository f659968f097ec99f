import { expect, it } from 'vitest'
import { backoffMs, GIVE_UP_MS } from './backoff.js'
import { quietUntil } from './quiet-hours.js'

const night = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' }
const at = (text: string): number => Date.parse(text)

it.each([
  // Berlin is at +01:00 in November
  ['2026-11-20T20:59:59Z', null],
  ['2026-11-20T21:00:00Z', '2026-11-21T06:00:00Z'],
  ['2026-11-21T05:59:30Z', '2026-11-21T06:00:00Z'],
  ['2026-11-21T06:00:00Z', null],
  ['2026-11-20T12:00:00Z', null],
])('quiet at %s until %s', (now, until) => {
  expect(quietUntil(night, at(now))).toBe(until === null ? null : at(until))
})

it('is quiet within a day too, and never where nobody asked for it', () => {
  const noon = { from: '12:00', to: '13:30', timeZone: 'UTC' }
  expect(quietUntil(noon, at('2026-11-20T12:45:10Z'))).toBe(at('2026-11-20T13:30:00Z'))
  expect(quietUntil(noon, at('2026-11-20T13:30:00Z'))).toBeNull()
  expect(quietUntil(null, at('2026-11-20T12:45:10Z'))).toBeNull()
})

it('tries again later and later, and never all together', () => {
  const times = Array.from({ length: 20 }, (_, i) => backoffMs(i + 1, 1))
  for (let i = 1; i < times.length; i++)
    expect(times[i]).toBeGreaterThanOrEqual(times[i - 1] as number)
  expect(times[0]).toBe(5_000)
  expect(times.at(-1)).toBe(30 * 60_000)
  expect(backoffMs(1, 0)).toBe(2_500)
  expect(backoffMs(5_000, 0)).toBe(15 * 60_000)
  expect(GIVE_UP_MS).toBe(72 * 3_600_000)
})
