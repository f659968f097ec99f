import { describe, expect, it } from 'vitest'
import { logOfRows } from '../../../test/fakes/message-rows.js'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import { createRandom } from '../../lab/random.js'
import { loadNumbering } from '../../phone/numbering.js'
import { createMessageLog, type Message, OUTCOME, STATUS } from '../message-log.js'
import { analyse } from './analyse.js'
import { slopeOf } from './mann-kendall.js'
import { blockName, readPlaces } from './places.js'
import { joinSessions, SESSION } from './sessions.js'
import { timeOrder } from './time-order.js'
import { trendOf } from './trend.js'

const AT = Date.UTC(2025, 4, 5)

const OURS = { at: AT, number: 4915112345678, priceMicro: 70_000, currency: 'EUR' }
const logOf = (messages: readonly Partial<Message>[]) => logOfRows(messages, OURS)

describe('timeOrder', () => {
  it('sorts a year of ms, stable, and leaves a sorted log as it is', () => {
    const random = createRandom(3)
    const at = Float64Array.from({ length: 5_000 }, () => AT + random.below(365) * DAY + 0.5)
    const order = timeOrder(at, at.length)
    for (let i = 1; i < at.length; i++) {
      const [a, b] = [order[i - 1] as number, order[i] as number]
      expect(at[a] as number).toBeLessThanOrEqual(at[b] as number)
      if (at[a] === at[b]) expect(a).toBeLessThan(b)
    }
    expect([...timeOrder(at.sort(), 10)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})

describe('joinSessions', () => {
  const session = (messages: readonly Partial<Message>[]) => {
    const { columns, size } = logOf(messages)
    return joinSessions(columns, timeOrder(columns.at, size))
  }

  it('counts a resend within ten minutes with its first message, and its code for the session', () => {
    const { first, state } = session([
      { outcome: OUTCOME.unverified },
      { at: AT + 2 * MINUTE, outcome: OUTCOME.verified },
      { at: AT + 11 * MINUTE, outcome: OUTCOME.unverified },
      { at: AT + MINUTE, number: 4915112345679, status: STATUS.failed },
    ])
    expect([...first]).toEqual([0, 0, 2, 3])
    expect(state[0]).toBe(SESSION.verified)
    expect(state[2]).toBe(SESSION.unverified)
    expect(state[3]).toBe(SESSION.failed)
  })

  it('does not join masked numbers, which may be anybody', () => {
    const { first } = session([{ masked: 4 }, { masked: 4, at: AT + MINUTE }])
    expect([...first]).toEqual([0, 1])
  })

  it('a session failed when all its messages did', () => {
    const { state } = session([{ status: STATUS.failed }, { at: AT + MINUTE }])
    expect(state[0]).toBe(0)
  })
})

describe('readPlaces', () => {
  it('numbers blocks so that those of an operator and of a country are next to each other', () => {
    const { columns, size } = logOf([
      { number: 998931234567 },
      { number: 4915112345678 },
      { number: 998901234567 },
      { number: 998931299999 },
      { number: 998931230000, masked: 4 },
      { number: 4915110000000, masked: 6 },
      { number: 12 },
    ])
    const places = readPlaces(columns, size, loadNumbering())
    expect(places.countries.slice(-2)).toEqual(['DE', 'UZ'])
    expect(places.blockOf[0]).not.toBe(places.blockOf[3])
    expect(places.blockOf[0]).toBe(places.blockOf[4])
    expect(blockName(places, places.blockOf[0] as number)).toBe('+99893123')
    expect(blockName(places, places.blockOf[5] as number)).toBe('+4915110')
    const operatorOf = (row: number): string => {
      const block = places.blockOf[row] as number
      return places.operators.find((_, o) => block < (places.operatorStart[o + 1] as number)) ?? ''
    }
    expect(operatorOf(0)).toBe(operatorOf(3))
    expect(operatorOf(0)).toMatch(/^UZ\//)
    expect(operatorOf(1)).toMatch(/^DE\//)
    expect(operatorOf(0)).not.toBe(operatorOf(2))
  })
})

describe('trend', () => {
  it('is robust: one odd value does not turn it', () => {
    const rising = [1, 2, 3, 40, 5, 6, 7, 8, 9, 10]
    expect(slopeOf(rising).slope).toBeCloseTo(1)
    expect(slopeOf(rising).z).toBeGreaterThan(2)
    expect(slopeOf([1, 1, 1, 1, 1, 1]).z).toBe(0)
  })

  const days = (n: number, shareOf: (day: number) => number) =>
    Array.from({ length: n }, (_, day) => ({
      ...{ messages: 100, spend: 10, fraud: 10 * shareOf(day), variance: 0.01, doubt: 0 },
    }))

  it('cuts weeks on Monday and months by the calendar, and says what it does', () => {
    const { day, week, month, sentence } = trendOf(
      days(70, (d) => d / 100),
      AT,
    )
    expect(day).toHaveLength(70)
    expect(week[0]?.from).toBe('2025-05-05')
    expect(week[1]?.from).toBe('2025-05-12')
    expect(month.map(({ from }) => from)).toEqual(['2025-05-01', '2025-06-01', '2025-07-01'])
    expect(sentence).toMatch(/rising, by 7\.\d % of the spend more every week/)
    expect(
      trendOf(
        days(70, (d) => 0.7 - d / 100),
        AT,
      ).sentence,
    ).toContain('falling')
    expect(
      trendOf(
        days(70, (d) => (d % 2 ? 0.1 : 0.2)),
        AT,
      ).sentence,
    ).toContain('neither')
    expect(
      trendOf(
        days(3, () => 0.1),
        AT,
      ).sentence,
    ).toContain('too short')
    expect(
      trendOf(
        days(70, () => 0),
        AT,
      ).sentence,
    ).toContain('No trend')
    const [first] = day.slice(10)
    expect(first?.fraud.low).toBeLessThan(1)
    expect(first?.fraud.high).toBeGreaterThan(1)
  })
})

describe('analyse', () => {
  it('refuses an empty log', () => {
    expect(() => analyse(createMessageLog(), { markets: [], currency: 'EUR' })).toThrow(RangeError)
  })

  it('reads one message, prices what has none, and shows no number in full', () => {
    const progress: number[] = []
    const log = logOf([
      { priceMicro: Number.NaN },
      { at: AT + HOUR, priceMicro: 140_000, segments: 2 },
      { at: AT + 2 * HOUR, number: 998931234567, priceMicro: Number.NaN },
    ])
    const found = analyse(log, {
      markets: ['DE'],
      currency: 'EUR',
      onProgress: (done) => progress.push(done),
    })
    expect(found.rows).toBe(3)
    expect(found.segments).toBe(4)
    expect(found.spend.estimated).toBeCloseTo(2 / 3)
    // the first costs what a segment costs in its country, the third what the table says
    expect(found.countries.find(({ key }) => key === 'DE')?.spend).toBeCloseTo(0.21)
    expect(found.countries.find(({ key }) => key === 'UZ')?.spend).toBeGreaterThan(0)
    expect(found.countries.map(({ key, market }) => [key, market])).toContainEqual(['UZ', false])
    expect(found.fraud.money.value).toBe(0)
    expect(found.from).toBe('2025-05-05T00:00:00.000Z')
    expect(found.wholeNumbers[0]).toBe(4_915_112_345_678)
    expect(JSON.stringify(found.topNumbers)).not.toContain('4915112345678')
    expect(found.topNumbers[0]).toMatchObject({ number: '+49151******78', messages: 2 })
    expect(progress.at(-1)).toBe(1)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
  })

  it('a log that is nothing but an attack is said to be one', () => {
    const random = createRandom(8)
    const log = logOf(
      Array.from({ length: 2_000 }, (_, i) => ({
        at: AT + i * 7_000,
        number: 998901230000 + random.below(10_000),
        outcome: OUTCOME.unverified,
      })),
    )
    const found = analyse(log, { markets: ['DE'], currency: 'EUR' })
    expect(found.fraud.share).toBeGreaterThan(0.95)
    expect(found.incidents[0]).toMatchObject({ kind: 'attack', countries: ['UZ'], messages: 2_000 })
    expect(found.ranges[0]?.key).toBe('+99890123')
    expect(found.fraud.surely).toBeGreaterThan(0)
    const sum = found.fraud.surely + found.fraud.probably + found.fraud.unclear + found.fraud.fine
    expect(sum).toBeCloseTo(found.spend.total, 6)
  })
})
