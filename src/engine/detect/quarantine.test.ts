import { expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../units.js'
import { createQuarantines, durationOf } from './quarantine.js'

const start = (now: number) => ({
  service: 'signup',
  level: 'block' as const,
  key: '+234803123',
  country: 'NG',
  operatorRange: 'NG/1',
  because: 'exhausted' as const,
  now,
})

it('lasts one hour, doubling to twelve', () => {
  expect([1, 2, 3, 4, 5, 9].map((strikes) => durationOf(strikes) / HOUR)).toEqual([
    1, 2, 4, 8, 12, 12,
  ])
})

it('reopens with one message, and closes again for longer when that is not verified', () => {
  const quarantines = createQuarantines()
  expect(quarantines.begin(7, start(0))?.until).toBe(HOUR)
  expect(quarantines.begin(7, start(MINUTE))).toBeNull()
  expect(quarantines.expire(HOUR - 1).ended).toEqual([])
  expect(quarantines.expire(HOUR).ended).toHaveLength(1)
  expect(quarantines.held.get(7)?.closedUntil).toBe(0)
  quarantines.tried(7, HOUR + MINUTE, 2 * MINUTE)
  expect(quarantines.held.get(7)).toMatchObject({ state: 'trying', closedUntil: HOUR + 3 * MINUTE })
  expect(quarantines.begin(7, start(2 * HOUR))).toMatchObject({ strikes: 2, until: 4 * HOUR })
})

it('forgives after a day', () => {
  const quarantines = createQuarantines()
  quarantines.begin(7, start(0))
  quarantines.expire(HOUR)
  expect(quarantines.expire(HOUR + DAY).forgotten).toEqual([])
  expect(quarantines.expire(HOUR + DAY + 1).forgotten).toEqual([7])
  expect(quarantines.begin(7, start(3 * DAY))?.strikes).toBe(1)
})
