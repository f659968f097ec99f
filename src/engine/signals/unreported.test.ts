import { expect, it } from 'vitest'
import { DAY } from '../units.js'
import { createReporting, SENDS_WITHOUT_OUTCOME } from './unreported.js'

const T0 = Date.UTC(2026, 10, 16)
const mature = (r: ReturnType<typeof createReporting>, n: number): void => {
  for (let i = 0; i < n; i++) r.matured('signup')
}

it('a service that has sent 200 codes and reported no outcome is noticed, and forgiven at the first', () => {
  const reporting = createReporting()
  mature(reporting, SENDS_WITHOUT_OUTCOME - 1)
  expect(reporting.unreported('signup', T0)).toBe(false)
  mature(reporting, 1)
  expect(reporting.unreported('signup', T0)).toBe(true)
  expect(reporting.unreported('login', T0)).toBe(false)
  reporting.reported('signup', T0)
  expect(reporting.unreported('signup', T0)).toBe(false)
})

it('an attack that verifies nothing does not pass for a service that reports nothing', () => {
  const reporting = createReporting()
  reporting.reported('signup', T0)
  mature(reporting, 50_000)
  expect(reporting.unreported('signup', T0 + DAY)).toBe(false)
  expect(reporting.unreported('signup', T0 + 31 * DAY)).toBe(true)
  const resumed = createReporting()
  resumed.restore(JSON.parse(JSON.stringify(reporting.snapshot())))
  expect(resumed.unreported('signup', T0 + DAY)).toBe(false)
  expect(resumed.unreported('signup', T0 + 31 * DAY)).toBe(true)
})
