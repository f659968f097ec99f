import { describe, expect, it } from 'vitest'
import { logOfRows } from '../../../test/fakes/message-rows.js'
import { DAY, HOUR } from '../../engine/units.js'
import { createRandom } from '../../lab/random.js'
import { loadNumbering } from '../../phone/numbering.js'
import { type Message, OUTCOME } from '../message-log.js'
import { analyse } from './analyse.js'
import { blockRates } from './block-rate.js'
import { readPlaces } from './places.js'
import { DAY_S } from './season.js'
import { joinSessions } from './sessions.js'
import { timeOrder } from './time-order.js'
import { groupTraffic } from './traffic.js'

const FROM = Date.UTC(2026, 0, 5)
const DAYS = 56
/** Whole weeks, so that weekdays stay what they were. */
const GAP = 17 * 7

/** People of Nigeria over eight weeks, and a flood on a foreign block in the sixth; the second half after a gap. */
function rowsOf(gapDays: number, outcomes: boolean): Partial<Message>[] {
  const random = createRandom(3)
  const later = (day: number): number => (day >= DAYS / 2 ? gapDays : 0)
  const people = Array.from({ length: DAYS * 300 }, (_, i) => {
    const day = Math.floor(i / 300)
    return {
      at: FROM + (day + later(day) + random.next()) * DAY,
      // a block is asked on some days of the eight weeks
      number: 2_348_030_000_000 + Math.floor(random.next() * 10_000_000),
      outcome: !outcomes
        ? OUTCOME.unknown
        : random.chance(0.7)
          ? OUTCOME.verified
          : OUTCOME.unverified,
    }
  })
  const flood = Array.from({ length: 600 }, () => ({
    at: FROM + (40 + later(40)) * DAY + random.next() * 4 * HOUR,
    number: 998_901_230_000 + random.below(10_000),
    outcome: outcomes ? OUTCOME.unverified : OUTCOME.unknown,
  }))
  return [...people, ...flood]
}

const trafficOf = (rows: readonly Partial<Message>[]) => {
  const { columns, size } = logOfRows(rows)
  const order = timeOrder(columns.at, size)
  const places = readPlaces(columns, size, loadNumbering())
  return groupTraffic(columns, order, places, joinSessions(columns, order))
}

describe('a silence of months', () => {
  it('leaves the rates of blocks as they are: by the days of which something was recorded', () => {
    const rows = rowsOf(GAP, false)
    const t = trafficOf(rows)
    const rates = blockRates(t, DAY_S)
    // reckoned anew from the rows: days on which a block was asked, of the 56 that the log has
    const daysOf = new Map<number, Set<number>>()
    for (const { at = 0, number = 0 } of rows) {
      const block = Math.floor(number / 10_000)
      daysOf.set(block, (daysOf.get(block) ?? new Set()).add(Math.floor((at - FROM) / DAY)))
    }
    let compared = 0
    t.places.blockKey.forEach((block, i) => {
      const days = daysOf.get(block)?.size ?? 0
      if (days === 0 || days > DAYS / 2) return
      expect(rates[i]).toBeCloseTo(-Math.log(1 - days / DAYS), 5)
      compared++
    })
    expect(compared).toBeGreaterThan(300)
  })

  it.each([true, false])('changes nothing of what is found (outcomes: %s)', (outcomes) => {
    const audit = (gapDays: number) =>
      analyse(logOfRows(rowsOf(gapDays, outcomes)), { markets: ['NG'], currency: 'USD' })
    const [whole, broken] = [audit(0), audit(GAP)]
    expect(whole.incidents).toHaveLength(1)
    expect(broken.incidents.map(({ messages, countries }) => [messages, countries])).toEqual(
      whole.incidents.map(({ messages, countries }) => [messages, countries]),
    )
    expect(broken.fraud.money.value).toBeCloseTo(whole.fraud.money.value, 0)
    expect(broken.limits.join()).toContain('no message at all from 2026-02-02 to 2026-05-31')
    expect(whole.limits.join()).not.toContain('no message at all')
    // the empty weeks are no weeks of honest traffic
    expect(broken.trend.sentence.replace(/[\d-]{10}/, '')).toBe(
      whole.trend.sentence.replace(/[\d-]{10}/, ''),
    )
  })

  it('of some days is a quiet time and no hole', () => {
    const { limits } = analyse(logOfRows(rowsOf(6, false)), { markets: ['NG'], currency: 'USD' })
    expect(limits.join()).not.toContain('no message at all')
  })
})
