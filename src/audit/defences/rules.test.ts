import { describe, expect, it } from 'vitest'
import { logOfRows } from '../../../test/fakes/message-rows.js'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import type { Message } from '../message-log.js'
import type { NormalDays } from '../suggest/normal-days.js'
import { countryRules, validationRule } from './country-rules.js'
import { limitRules } from './limit-rules.js'
import type { Asked, Rule } from './rule.js'
import { surveyOf } from './survey.js'
import { rangeBlockRule, ratioAlarmRule } from './watch-rules.js'

const T0 = Date.UTC(2026, 10, 16)
const NUMBER = 2_348_031_234_567

const logOf = (messages: readonly Partial<Message>[]) =>
  logOfRows(messages, { at: T0, number: NUMBER })
const asked = (part: Partial<Asked>): Asked => ({
  at: T0,
  number: NUMBER,
  masked: 0,
  ip: 0,
  block: 0,
  country: 0,
  price: 100_000,
  probability: 0,
  verified: true,
  ...part,
})
const named = (rules: readonly Rule[], defence: string): Rule => {
  const rule = rules.find((one) => one.defence === defence)
  if (rule === undefined) throw new Error(`no ${defence}`)
  return rule
}
const times = (n: number, of: (i: number) => boolean): boolean[] =>
  Array.from({ length: n }, (_, i) => of(i))

describe('rate limits', () => {
  it('stop the sixth of an hour to a number, and what was stopped counts for nothing', () => {
    const rule = named(limitRules(logOf(times(20, () => true).map(() => ({})))), 'limit-per-number')
    const stopped = times(7, (i) => rule.stops(asked({ at: T0 + i * 10 * MINUTE })))
    expect(stopped).toEqual([false, false, false, false, false, true, false])
  })

  it('leave numbers alone that never have so many, and masked ones', () => {
    const rule = named(limitRules(logOf([{}, {}])), 'limit-per-number')
    expect(times(9, () => rule.stops(asked({}))).includes(true)).toBe(false)
    const masked = named(
      limitRules(logOf(times(20, () => true).map(() => ({ masked: 4 })))),
      'limit-per-number',
    )
    expect(times(9, () => masked.stops(asked({ masked: 4 }))).includes(true)).toBe(false)
  })

  it('count addresses only where there are any', () => {
    expect(limitRules(logOf([{}])).map(({ defence }) => defence)).toEqual(['limit-per-number'])
    const rule = named(
      limitRules(
        logOf(times(20, () => true).map((_, i) => ({ ip: '198.51.100.7', number: NUMBER + i }))),
      ),
      'limit-per-ip',
    )
    const stopped = times(12, (i) => rule.stops(asked({ ip: 1, number: NUMBER + i })))
    expect(stopped.indexOf(true)).toBe(10)
    expect(rule.stops(asked({ ip: 0 }))).toBe(false)
  })
})

describe('rules of countries', () => {
  const survey = surveyOf(logOf([{}, { number: 998_941_234_567 }]))
  const [ng, uz] = ['NG', 'UZ'].map((country) => survey.places.countries.indexOf(country)) as [
    number,
    number,
  ]
  const normal = (most: number, messages: number) => ({ middle: most, busy: most, most, messages })
  const days: NormalDays = {
    days: 10,
    clean: 10,
    fromAllDays: false,
    all: normal(400_000, 100),
    countries: survey.places.countries.map((country) =>
      country === 'NG' ? normal(200_000, 100) : normal(0, 0),
    ),
  }
  const rules = countryRules(survey.places, days, ['NG'])

  it('allow the markets, and countries with users', () => {
    for (const name of ['allow-list', 'geo-permission']) {
      expect(named(rules, name).stops(asked({ country: ng }))).toBe(false)
      expect(named(rules, name).stops(asked({ country: uz }))).toBe(true)
    }
    expect(countryRules(survey.places, days, []).map(({ defence }) => defence)).not.toContain(
      'allow-list',
    )
  })

  it('cap the day of a country at twice its busy one, and begin anew at midnight UTC', () => {
    const rule = named(rules, 'cap-per-country')
    const stopped = times(6, () => rule.stops(asked({ country: ng })))
    expect(stopped).toEqual([false, false, false, false, true, true])
    expect(rule.stops(asked({ country: uz }))).toBe(true)
    expect(rule.stops(asked({ country: ng, at: T0 + DAY }))).toBe(false)
    const all = named(rules, 'cap-in-all')
    expect(
      times(10, (i) => all.stops(asked({ country: i % 2 === 0 ? ng : uz }))).indexOf(true),
    ).toBe(8)
  })
})

it('number validation refuses what the plan refuses', () => {
  const numbers = {
    mobile: NUMBER,
    premium: 44_9_098_790_001,
    landline: 4_930_123_456,
    nothing: 99_912_345_678,
    satellite: 881_612_345_678,
  }
  const survey = surveyOf(logOf(Object.values(numbers).map((number) => ({ number }))))
  const rule = validationRule(survey.places)
  const stopped = Object.keys(numbers).filter((_, row) =>
    rule.stops(asked({ block: survey.places.blockOf[row] ?? 0 })),
  )
  expect(stopped).toEqual(['premium', 'landline', 'nothing', 'satellite'])
})

describe('what people do about an attack', () => {
  const survey = surveyOf(logOf([{}]))

  it('a block is listed a day after five messages to it can be known to be pumped', () => {
    const rule = rangeBlockRule(survey.places)
    const at = (ms: number, probability: number): boolean =>
      rule.stops(asked({ at: T0 + ms, probability }))
    expect(times(5, (i) => at(i * MINUTE, 1))).toEqual(Array(5).fill(false))
    expect(at(4 * MINUTE + DAY - 1, 1)).toBe(false)
    expect(at(4 * MINUTE + DAY, 0)).toBe(true)
    const mixed = rangeBlockRule(survey.places)
    for (let i = 0; i < 100; i++) mixed.stops(asked({ probability: i % 3 === 0 ? 1 : 0 }))
    expect(mixed.stops(asked({ at: T0 + 3 * DAY }))).toBe(false)
  })

  it('a country with a low ratio goes off an hour after the alarm, for a day', () => {
    const rule = ratioAlarmRule(survey.places)
    const at = (ms: number, verified = false): boolean =>
      rule.stops(asked({ at: T0 + ms, verified }))
    for (let i = 0; i < 20; i++) expect(at(i)).toBe(false)
    // looked at in the next minute
    expect(at(MINUTE)).toBe(false)
    expect(at(HOUR + MINUTE - 1)).toBe(false)
    expect(at(HOUR + MINUTE)).toBe(true)
    expect(at(DAY + HOUR + MINUTE - 1)).toBe(true)
    expect(at(DAY + HOUR + MINUTE)).toBe(false)
    const usual = ratioAlarmRule(survey.places)
    for (let i = 0; i < 200; i++)
      expect(usual.stops(asked({ at: T0 + i * MINUTE, verified: i % 3 === 0 }))).toBe(false)
  })
})
