import { describe, expect, test } from 'vitest'
import { LOOK_MS, Pressure, SHED_ORDER } from './pressure.js'
import { shedClassOf } from './shed.js'

const RANKS = SHED_ORDER.map((_, rank) => rank)

describe('requests at work', () => {
  test('are shed by what it costs to turn them away', () => {
    const pressure = new Pressure({ maxInFlight: 10, clock: () => 0 })
    const shed = (inFlight: number) => {
      pressure.inFlight = inFlight
      return RANKS.map((rank) => pressure.sheds(rank) !== null)
    }
    expect(shed(9)).toEqual([false, false, false, false])
    expect(shed(10)).toEqual([true, false, false, false])
    expect(shed(20)).toEqual([true, true, false, false])
    expect(shed(40)).toEqual([true, true, true, true])
  })
})

describe('the event loop', () => {
  const at = (delays: readonly number[]) => {
    let now = 0
    const pressure = new Pressure({ loopDelayMs: 100, loopDelayForMs: 500, clock: () => now })
    for (const delay of delays) {
      now += LOOK_MS + delay
      pressure.look()
    }
    return RANKS.map((rank) => pressure.sheds(rank))
  }
  const times = (n: number, delay: number) => new Array<number>(n).fill(delay)

  test('late at every look of an interval, sheds what is cheapest to turn away', () => {
    expect(at(times(6, 150))).toEqual(['event_loop', null, null, null])
    expect(at(times(6, 250))).toEqual(['event_loop', 'event_loop', null, null])
    expect(at(times(2, 150))).toEqual([null, null, null, null])
  })
  test('one pause sheds nothing, however long', () => {
    expect(at([0, 5_000])).toEqual([null, null, null, null])
    expect(at([0, 5_000, 3])).toEqual([null, null, null, null])
  })
  test('in time at one look, is a burst and no overload', () => {
    expect(at([...times(6, 150), 10])).toEqual([null, null, null, null])
    expect(at([...times(6, 150), 10, ...times(2, 150)])).toEqual([null, null, null, null])
  })
})

test('every route has its place', () => {
  expect(shedClassOf('/healthz')).toBeNull()
  expect(shedClassOf('/metrics')).toBeNull()
  expect(shedClassOf('/v1/console/live')).toBeNull()
  expect(shedClassOf('/v1/console/overview')).toBe('operator')
  expect(shedClassOf('/v1/admin/keys')).toBe('operator')
  expect(shedClassOf('/')).toBe('operator')
  expect(shedClassOf('/v1/hooks/:provider/receipts')).toBe('receipt')
  expect(shedClassOf('/v1/outcomes')).toBe('receipt')
  expect(shedClassOf('/v1/verifications/:id/check')).toBe('check')
  expect(shedClassOf('/v1/verifications/:id/challenge')).toBe('check')
  expect(shedClassOf('/v2/Services/:ServiceSid/VerificationCheck')).toBe('check')
  expect(shedClassOf('/v1/verifications')).toBe('start')
  expect(shedClassOf('/v1/decisions')).toBe('start')
  expect(shedClassOf('/v2/Services/:ServiceSid/Verifications')).toBe('start')
})
