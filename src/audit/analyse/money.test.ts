import { describe, expect, it } from 'vitest'
import { auditResult } from '../../../test/fakes/audit-result.js'
import { logOfRows } from '../../../test/fakes/message-rows.js'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import { parsePrices } from '../../phone/prices.js'
import { costModels } from '../costs/cost-models.js'
import { surveyOf } from '../defences/survey.js'
import { wouldHaveSaved } from '../defences/would-have-saved.js'
import type { Message } from '../message-log.js'
import { evidence } from '../report/evidence.js'
import { heatOf } from '../report/heat.js'
import { analyse } from './analyse.js'

const FROM = Date.UTC(2026, 6, 1)

/** Some people of Nigeria, far apart, on every one of so many days. */
const people = (days: number): Partial<Message>[] =>
  Array.from({ length: days * 40 }, (_, i) => ({
    at: FROM + (i / 40) * DAY,
    number: 2_348_030_000_000 + ((i * 7_919_777) % 10_000_000),
    priceMicro: 51_200,
  }))

describe('money', () => {
  it('is the same of every message wherever it is told, also where the log has no price', async () => {
    const unpriced = { priceMicro: Number.NaN, currency: 'EUR' }
    const flood = Array.from({ length: 900 }, (_, i) => ({
      at: FROM + 15 * DAY + i * 5_000,
      number: 998_901_230_000 + i,
      segments: 2,
      ...unpriced,
    }))
    const log = logOfRows([...people(30), ...flood], { currency: 'EUR' })
    const pricing = {
      usdPerUnit: 1.25,
      list: parsePrices('prefix,price,currency\n+99890,0.5,USD\n'),
    }
    const options = { markets: ['NG'], ...pricing }
    const { incidents, spend, ...judged } = analyse(log, { ...options, currency: 'EUR' })
    const [incident] = incidents
    if (incident === undefined) throw new Error('no incident')
    // 900 messages of two segments at USD 0.50, EUR 0.40
    expect(incident.spend).toBeCloseTo(720, 6)
    expect(spend.total).toBeCloseTo(720 + 1_200 * 0.0512, 6)
    expect(spend).toMatchObject({ estimated: 900 / 2_100, listed: 900 / 2_100 })

    const [saved] = await wouldHaveSaved(log, judged, options)
    const costs = costModels(log, judged, options)
    expect(costs.models[0]?.total).toBeCloseTo(spend.total, 6)
    expect(saved?.share).toBeCloseTo((saved?.saved ?? 0) / judged.fraud.money.value, 6)
    const survey = surveyOf(log, pricing)
    // the gate reckons with both segments
    expect(survey.prices.expectedMicroUsd(1_200)).toBe(1_000_000)
    const result = auditResult({ spend: { ...spend } })
    const { sums, chunks } = evidence(
      { log, judged, survey, result, wholeNumbers: [] },
      incident,
      null,
    )
    expect([...chunks].join('')).toContain(',2,0.8,price list,EUR,')
    expect(sums.micro / 1e6).toBeCloseTo(720, 6)
    expect(sums.unpriced).toBe(900)
    const [row] = heatOf(survey, incident.ranges).rows
    expect(row?.cells.reduce((sum, cell) => sum + cell, 0)).toBeCloseTo(720, 6)
  })

  it('is to the cent in an incident of any size', () => {
    const messages = 30_000
    const flood = Array.from({ length: messages }, (_, i) => ({
      at: FROM + 15 * DAY + (i * 3 * HOUR) / messages,
      number: 998_901_230_000 + (i % 10_000),
      priceMicro: 270_000,
    }))
    const log = logOfRows([...people(30), ...flood])
    const { incidents, countries } = analyse(log, { markets: ['NG'], currency: 'USD' })
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.messages).toBe(messages)
    expect(incidents[0]?.spend).toBeCloseTo(8_100, 6)
    expect(countries.find(({ key }) => key === 'UZ')?.spend).toBeCloseTo(8_100, 6)
  })

  it('is told of in one number of messages, resends among them', () => {
    const flood = Array.from({ length: 900 }, (_, i) => ({
      at: FROM + 15 * DAY + i * MINUTE,
      number: 998_901_230_000 + (i % 300),
    }))
    const again = flood.slice(0, 100).map((row) => ({ ...row, at: row.at + 30_000 }))
    const log = logOfRows([...people(30), ...flood, ...again])
    const [incident] = analyse(log, { markets: ['NG'], currency: 'USD' }).incidents
    expect(incident?.messages).toBe(1_000)
    expect(incident?.because.join()).toContain('1,000 messages to 1 range')
  })

  it('of a month is as uncertain as that of a log of one month', () => {
    const flood = Array.from({ length: 2_000 }, (_, i) => ({
      at: FROM + 15 * DAY + i * 5_000,
      number: 998_901_230_000 + (i % 10_000),
    }))
    const log = logOfRows([...people(30), ...flood])
    const { fraud, trend } = analyse(log, { markets: ['NG'], currency: 'USD' })
    const [month] = trend.month
    expect(trend.month).toHaveLength(1)
    expect(month?.fraud.value).toBeCloseTo(fraud.money.value, 3)
    const width = (money: { low: number; value: number }): number => money.value - money.low
    expect(width(month?.fraud ?? fraud.money)).toBeCloseTo(width(fraud.money), 1)
    expect(width(fraud.money)).toBeGreaterThan(0.02 * fraud.money.value)
  })

  it('counts on the day of its message, also where its session began the day before', () => {
    const number = 2_348_031_234_567
    const midnight = FROM + 5 * DAY
    const log = logOfRows([
      ...people(10),
      { number, at: midnight - 2 * MINUTE, priceMicro: 1_000_000 },
      { number, at: midnight + 4 * MINUTE, priceMicro: 2_000_000 },
    ])
    const { day } = analyse(log, { markets: [], currency: 'USD' }).trend
    expect(day[4]?.messages).toBe(41)
    expect(day[4]?.spend).toBeCloseTo(40 * 0.0512 + 1, 9)
    expect(day[5]?.messages).toBe(41)
    expect(day[5]?.spend).toBeCloseTo(40 * 0.0512 + 2, 9)
  })

  it('of the table of examples is turned into the currency of the log', () => {
    const unpriced = logOfRows(people(3), { currency: 'EUR' })
    unpriced.columns.priceMicro.fill(Number.NaN)
    const dollars = analyse(unpriced, { markets: [], currency: 'EUR' })
    const euros = analyse(unpriced, { markets: [], currency: 'EUR', usdPerUnit: 1.25 })
    expect(dollars.spend.total).toBeGreaterThan(0)
    expect(euros.spend.total).toBeCloseTo(dollars.spend.total / 1.25, 9)
    expect(dollars.limits.join()).toContain('one for one: give --usd-rate')
    expect(euros.limits.join()).not.toContain('--usd-rate')
  })

  it('of which nobody names the currency is said to be taken for US dollars', () => {
    const limits = (log: ReturnType<typeof logOfRows>): string =>
      analyse(log, { markets: [], currency: 'USD' }).limits.join()
    expect(limits(logOfRows(people(3), { currency: '' }))).toContain('names no currency')
    expect(limits(logOfRows(people(3)))).not.toContain('names no currency')
  })
})
