import { expect, it } from 'vitest'
import { logOfRows } from '../../../test/fakes/message-rows.js'
import { DAY } from '../../engine/units.js'
import type { MessageLog } from '../message-log.js'
import type { Total } from './intake.js'
import { createSkips } from './skips.js'
import { leaveOutStrays } from './stray-times.js'

const FROM = Date.UTC(2026, 6, 1)
/** A quarter of two thousand messages, and others beside them. */
const logWith = (others: readonly number[]): MessageLog =>
  logOfRows([
    ...Array.from({ length: 2_000 }, (_, i) => ({ at: FROM + (i * 90 * DAY) / 2_000 })),
    ...others.map((at) => ({ at })),
  ])
const totalOf = ({ size }: MessageLog): Total => ({
  rows: size,
  micro: size * 100_000,
  unpriced: 0,
})

it('leaves out what a clock that was never set dates years away, and counts it', () => {
  const log = logWith([Date.UTC(2000, 0, 1), Date.UTC(2027, 3, 1)])
  const skips = createSkips()
  const total = leaveOutStrays(log, totalOf(log), skips)
  expect(total).toEqual({ rows: 2_000, micro: 200_000_000, unpriced: 0 })
  expect(log.size).toBe(2_000)
  expect(skips.all()).toMatchObject([{ why: 'stray_time', rows: 2 }])
  expect(skips.all()[0]?.examples[0]).toContain('2000-01-01')
})

it('keeps what is more than a few, or no further than the log is long, or the only thing there is', () => {
  for (const others of [
    [Date.UTC(2000, 0, 1), Date.UTC(2000, 0, 2), Date.UTC(2000, 0, 3)],
    [FROM - 89 * DAY],
    [],
  ]) {
    const log = logWith(others)
    const total = leaveOutStrays(log, totalOf(log), createSkips())
    expect(total.rows).toBe(2_000 + others.length)
    expect(log.size).toBe(2_000 + others.length)
  }
  const single = logOfRows([{ at: FROM }])
  expect(leaveOutStrays(single, totalOf(single), createSkips()).rows).toBe(1)
})
