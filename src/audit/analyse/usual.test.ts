import { describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../engine/units.js'
import { loadNumbering } from '../../phone/numbering.js'
import { createMessageLog, OUTCOME, STATUS } from '../message-log.js'
import { askersOf } from './askers.js'
import { blockRates, evenPart, rateWithout } from './block-rate.js'
import { createElsewhere, elsewhereSign } from './elsewhere.js'
import type { Episode } from './episode.js'
import { readPlaces } from './places.js'
import { DAY_S } from './season.js'
import { joinSessions } from './sessions.js'
import { timeOrder } from './time-order.js'
import { groupTraffic, type Traffic } from './traffic.js'

const FROM = Date.UTC(2025, 4, 5)

/** One block's sessions: hours after the start, and the last digits of whom they were for. */
function trafficOf(sessions: readonly [hours: number, last: number][], masked = 0): Traffic {
  const log = createMessageLog()
  for (const [hours, last] of sessions)
    log.add({
      ...{ at: FROM + hours * HOUR, number: 491511230_0000 + last, masked, priceMicro: 70_000 },
      ...{ currency: 'EUR', segments: 1, status: STATUS.delivered, outcome: OUTCOME.unknown },
      ...{ id: '', error: '', ip: '' },
    })
  const order = timeOrder(log.columns.at, log.size)
  const places = readPlaces(log.columns, log.size, loadNumbering())
  return groupTraffic(log.columns, order, places, joinSessions(log.columns, order))
}

const HOURS = DAY / HOUR

describe('rateWithout', () => {
  /** Somebody in the first and the last of 40 days; visits on the 11th, 12th and 13th. */
  const t = trafficOf(
    [0, 10.1, 10.2, 11.1, 12.1, 39.9].map((day, i): [number, number] => [day * HOURS, i]),
  )

  it('forgets the visits of the time that is asked about, and nothing else', () => {
    expect(blockRates(t, DAY_S)[0]).toBeCloseTo(-Math.log(1 - 5 / 40), 6)
    const without = rateWithout(t, 0, DAY_S, 10 * DAY_S, 13 * DAY_S - 1)
    expect(without).toBeCloseTo(-Math.log(1 - 2 / 38), 6)
  })

  it('says nothing where that time is most of the log', () => {
    expect(rateWithout(t, 0, DAY_S, 0, 20 * DAY_S - 1)).not.toBeNull()
    expect(rateWithout(t, 0, DAY_S, 0, 21 * DAY_S)).toBeNull()
  })
})

describe('evenPart', () => {
  it('is even where users are, and of a wide launch; next to nothing of a few rented blocks', () => {
    expect(evenPart(4_000, true)).toBe(1 / 4_000)
    expect(evenPart(12, true)).toBe(1 / 500)
    expect(evenPart(4_000, false)).toBe(1 / 4_000)
    expect(evenPart(5, false)).toBeCloseTo(1 / 50_000, 12)
  })
})

describe('askersOf', () => {
  const whole = (t: Traffic) => askersOf(t, { from: 0, to: t.second.length })
  /** two people who sign in on each of twelve days */
  const habit = Array.from({ length: 24 }, (_, i): [number, number] => [12 * i, i % 2])

  it('takes who comes back for one', () => {
    expect(whole(trafficOf(habit))).toBe(2)
  })

  it('counts what is beyond anybody’s habit, and masked numbers one by one', () => {
    const often = Array.from({ length: 30 }, (_, i): [number, number] => [i / 2, 7])
    expect(whole(trafficOf(often))).toBe(1 + 25)
    expect(whole(trafficOf(habit, 4))).toBe(24)
  })
})

describe('createElsewhere', () => {
  const episode = (country: number, day: number): Episode => ({
    ...{ level: 'block', place: 0, country, from: day * DAY_S, to: (day + 1) * DAY_S, sessions: 8 },
    ...{ verified: 0, known: 0, failed: 0, usual: 0, expected: 0, excess: 8, error: 0, added: 0 },
    ...{ addedMoney: 0, llr: 10, probability: 0.5, kind: 'attack', signs: [] },
  })

  it('counts other countries outside the user base, each once, that begin around the same day', () => {
    const one = episode(1, 10)
    const others = [episode(1, 10), episode(2, 9), episode(2, 10), episode(3, 11), episode(4, 12)]
    const elsewhere = createElsewhere([one, ...others, episode(9, 10)], new Set([9]))
    expect(elsewhere(one)).toBe(2)
    expect(elsewhere(episode(9, 10))).toBe(0)
  })

  it('speaks from four on', () => {
    expect(elsewhereSign(3)).toEqual([])
    expect(elsewhereSign(4)[0]?.sentence).toContain('4 other countries')
  })
})
