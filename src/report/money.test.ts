import { expect, it } from 'vitest'
import { DAY, HOUR } from '../engine/units.js'
import { moneyOfMonth } from './money.js'
import { emptyTally } from './tally.js'

const FROM = Date.UTC(2026, 10, 1)
const TO = Date.UTC(2026, 11, 1)
/** A US dollar of spend in each hour, all of a day at once, in days of UTC. */
const spent = (from: number, to: number) =>
  Array.from({ length: Math.ceil((to - from) / DAY) }, (_, day) => {
    const at = from + day * DAY
    const hours = Math.min(24, (to - at) / HOUR)
    const tally = { ...emptyTally(), requests: 1, spendMicroUsd: hours * 1e6 }
    return { ...tally, at, service: 'signup', key: '', parent: '' }
  })
const october = spent(Date.UTC(2026, 9, 1), FROM)

const compared = (now: number) => {
  const { before, soFar, totals } = moneyOfMonth({
    ...{ month: '2026-11', from: FROM, to: TO, now, before: october, peopleRefused: 0 },
    ...{ days: spent(FROM, Math.min(TO, now)), countries: [], operators: [], providers: [] },
  })
  const usd = (sums: { spendMicroUsd: number } | null) => sums && sums.spendMicroUsd / 1e6
  return { these: usd(soFar), those: usd(before), all: usd(totals) }
}

it('a month under way is compared by its days that are over with as many of the month before', () => {
  expect(compared(FROM + 3 * DAY + 6 * HOUR)).toEqual({ these: 72, those: 72, all: 78 })
  // the last day: the month before had 31
  expect(compared(TO - HOUR)).toEqual({ these: 29 * 24, those: 29 * 24, all: 30 * 24 - 1 })
})

it('on its first day there is nothing to compare it with yet', () => {
  expect(compared(FROM + 6 * HOUR)).toEqual({ these: 0, those: null, all: 6 })
})

it('a month that is over is compared with the whole of the one before', () => {
  expect(compared(TO)).toEqual({ these: null, those: 31 * 24, all: 30 * 24 })
})
