import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../engine/units.js'
import { createClockWatch } from './clock-watch.js'

function watch() {
  let wall = Date.UTC(2026, 10, 21)
  let steady = 5_000
  const told: number[] = []
  const watched = createClockWatch({
    clock: () => wall,
    monotonic: () => steady,
    stepMs: 2 * SECOND,
    onStep: (byMs) => told.push(byMs),
  })
  return {
    told,
    state: () => watched.condition(),
    /** time passes, and the clock is set by so much */
    pass(ms: number, setBy = 0) {
      wall += ms + setBy
      steady += ms
      watched.look()
    },
  }
}

describe('a clock', () => {
  test('that goes as it should is not told of, however late the look', () => {
    const { pass, told, state } = watch()
    for (const ms of [SECOND, SECOND, HOUR, 0]) pass(ms, ms / 2_000)
    expect(told).toEqual([])
    expect(state()).toMatchObject({ state: 'ok', says: '' })
  })
  test('that was set is told of, once, either way', () => {
    const { pass, told, state } = watch()
    pass(SECOND, -HOUR)
    pass(SECOND)
    pass(SECOND, 3 * SECOND)
    pass(SECOND, SECOND)
    expect(told).toEqual([-HOUR, 3 * SECOND])
    expect(state()).toMatchObject({
      state: 'degraded',
      says: expect.stringContaining('set forward by 3 s'),
      figures: { steps: 2, last_step_ms: 3 * SECOND },
    })
  })
  test('is trouble for a while by the clock that nobody sets', () => {
    const { pass, state } = watch()
    pass(SECOND, -HOUR)
    pass(9 * MINUTE)
    expect(state().state).toBe('degraded')
    pass(2 * MINUTE)
    expect(state()).toMatchObject({ state: 'ok', figures: { steps: 1 } })
  })
})
