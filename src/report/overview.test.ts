import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../engine/units.js'
import { courseOf, flowOf, nowWindow } from './overview.js'
import { againstUsual } from './signals.js'
import { emptyTally } from './tally.js'

/** 12:34:56 of a day, UTC */
const NOW = Date.UTC(2026, 10, 21, 12, 34, 56)

describe('the window of now', () => {
  it.each([
    ['5m', 5, 60],
    ['1h', 60, 60],
  ] as const)('%s ends with the minute that runs', (span, minutes, course) => {
    const window = nowWindow(span, NOW)
    const end = Date.UTC(2026, 10, 21, 12, 35)
    expect(window.period).toBe('minute')
    expect(end - window.from).toBe(minutes * MINUTE)
    expect(window.from - window.beforeFrom).toBe(minutes * MINUTE)
    expect(end - window.courseFrom).toBe(course * MINUTE)
    // conversion is of sends that people had two minutes to answer
    expect(window.settledTo).toBe(end - 2 * MINUTE)
    expect(window.settledTo - window.settledFrom).toBe(minutes * MINUTE)
  })

  it('24h is whole hours, with the one that runs', () => {
    const window = nowWindow('24h', NOW)
    expect(window).toMatchObject({ period: 'hour', bucketMs: HOUR })
    expect(window.from).toBe(Date.UTC(2026, 10, 20, 13))
    expect(window.from - window.beforeFrom).toBe(DAY)
  })

  it('a course has a place for every bucket, and rows of one bucket add up', () => {
    const window = nowWindow('5m', NOW)
    const at = window.courseFrom + 3 * MINUTE
    const rows = [
      { at, sends: 2 },
      { at, sends: 3 },
      { at: NOW, sends: 1 },
      { at: window.courseFrom - MINUTE, sends: 99 },
    ]
    const course = courseOf(rows, window, ({ sends }) => sends)
    expect(course).toHaveLength(60)
    expect([course[3], course[59], course.reduce((a, b) => a + b)]).toEqual([5, 1, 6])
  })
})

it('wasted is lost and failed together, conversion that of the sends with time to answer', () => {
  const tally = {
    ...emptyTally(),
    ...{ sends: 10, verified: 1, spendMicroUsd: 1000, lostMicroUsd: 300, failedMicroUsd: 100 },
  }
  expect(flowOf(tally, { sends: 8, verified: 6 })).toMatchObject({
    ...{ conversion: 0.75, wasted: 400, spend: 1000, sends: 10 },
  })
})

describe('conversion against the usual', () => {
  const of = (verified: number, sends: number, usual: number | null) =>
    againstUsual({ sends, verified }, usual)

  it('goes as far as chance allows, and no further', () => {
    // one standard error of 0.7 at 100 sends is 0.046
    expect(of(70, 100, 0.7)).toBe('fine')
    expect(of(62, 100, 0.7)).toBe('fine')
    expect(of(60, 100, 0.7)).toBe('watch')
    expect(of(56, 100, 0.7)).toBe('alarm')
    // the same shares of fewer sends are chance
    expect(of(12, 20, 0.7)).toBe('fine')
    expect(of(9, 20, 0.7)).toBe('watch')
    // better than usual is nothing to tell
    expect(of(99, 100, 0.7)).toBe('fine')
  })

  it('few sends tell nothing; where nothing is usual the level for all holds', () => {
    expect(of(0, 19, 0.7)).toBe('quiet')
    expect(of(5, 20, null)).toBe('alarm')
    expect(of(8, 20, null)).toBe('watch')
    expect(of(13, 20, null)).toBe('fine')
  })
})
