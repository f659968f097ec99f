import { expect, it } from 'vitest'
import { logOfRows, message as row } from '../../../test/fakes/message-rows.js'
import { type Message, OUTCOME, STATUS } from '../message-log.js'
import { potentialsOf } from './potential.js'
import { surveyOf } from './survey.js'
import { createTally } from './tally.js'

const logOf = (messages: readonly Partial<Message>[]) =>
  logOfRows(messages, { priceMicro: Number.NaN, currency: '' })
const judge = (size: number, p = 0) => ({
  certainty: new Uint8Array(size),
  probability: new Float32Array(size).fill(p),
  order: Uint32Array.from({ length: size }, (_, i) => i),
})

it('prices a message as billed, else as usual in its country, else by the example table', () => {
  const log = logOf([
    { priceMicro: 100_000, currency: 'USD' },
    { priceMicro: 120_000, currency: 'USD' },
    { priceMicro: 140_000, currency: 'USD' },
    {},
    { priceMicro: 0, currency: 'USD' },
    { number: 233_241_234_567, segments: 2 },
  ])
  const { prices } = surveyOf(log)
  expect([0, 3, 4, 5].map(prices.billed)).toEqual([100_000, 110_000, 0, 500_000])
  // what failed for free was not known to be free before
  expect([0, 4].map(prices.expectedMicroUsd)).toEqual([100_000, 120_000])
})

it('tells a gate the price in dollars, by the rate or by the table', () => {
  const log = logOf([{ priceMicro: 165_000_000, currency: 'NGN' }])
  expect(surveyOf(log).prices.expectedMicroUsd(0)).toBe(110_000)
  expect(surveyOf(log, { usdPerUnit: 0.001 }).prices.expectedMicroUsd(0)).toBeCloseTo(165_000, 3)
  expect(surveyOf(log).currency).toBe('NGN')
})

it('is made once, and anew when the log has grown', () => {
  const log = logOf([{}])
  expect(surveyOf(log)).toBe(surveyOf(log))
  const before = surveyOf(log)
  log.add(row({ number: 4_915_112_345_678 }))
  expect(surveyOf(log)).not.toBe(before)
  expect(surveyOf(log).places.countries).toEqual(expect.arrayContaining(['NG', 'DE']))
})

it('takes outcomes from the log, and draws those it does not say by what is usual', () => {
  const log = logOf([
    ...Array.from({ length: 100 }, (_, i) => ({
      outcome: i < 60 ? OUTCOME.verified : OUTCOME.unverified,
    })),
    ...Array.from({ length: 4_000 }, () => ({})),
    { status: STATUS.failed },
  ])
  const potentials = potentialsOf(surveyOf(log), judge(log.size), ['NG'])
  const rows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => potentials.verifies(from + i)).filter(Boolean)
      .length
  expect(rows(0, 100)).toBe(60)
  expect(rows(100, 4_100) / 4_000).toBeCloseTo(0.6, 1)
  expect(potentials.verifies(4_100)).toBe(false)
  expect(potentials.of(4_100)).toMatchObject({ deliveryError: 'failed', verifiedMs: null })
  const { verifiedMs } = potentials.of(0)
  expect(verifiedMs).toBeGreaterThanOrEqual(2_000)
  expect(verifiedMs).toBeLessThan(600_000)
})

it('assumes the prior of the policy in a log without outcomes, and nobody behind what is pumped', () => {
  const log = logOf(Array.from({ length: 4_000 }, () => ({})))
  const share = (p: number, markets: string[]) => {
    const { verifies } = potentialsOf(surveyOf(log), judge(log.size, p), markets)
    return (
      Array.from({ length: log.size }, (_, row) => verifies(row)).filter(Boolean).length / log.size
    )
  }
  expect(share(0, ['NG'])).toBeCloseTo(0.7, 1)
  expect(share(0, ['GH'])).toBeCloseTo(0.5, 1)
  expect(share(1, ['NG'])).toBe(0)
})

it('lets people solve challenges, and whoever pumps only when told so', () => {
  const survey = surveyOf(logOf([{}]))
  const solves = (p: number, all: boolean) =>
    potentialsOf(survey, judge(1, p), [], all).of(0).solves.captcha
  expect([solves(0, false), solves(1, false), solves(1, true)]).toEqual([true, false, true])
})

it('gives masked numbers digits, each row its own', () => {
  const log = logOf(Array.from({ length: 50 }, () => ({ number: 998_941_230_000, masked: 4 })))
  const { numberOf } = potentialsOf(surveyOf(log), judge(log.size), [])
  const numbers = Array.from({ length: 50 }, (_, row) => numberOf(row))
  expect(new Set(numbers).size).toBeGreaterThan(45)
  expect(numbers.every((number) => /^\+99894123\d{4}$/.test(number))).toBe(true)
  expect(surveyOf(log).places.countries).toEqual(['UZ'])
})

it('scales a tally up by what each part of the log holds', () => {
  const tally = createTally()
  tally.stopped(1, 3_000_000, false)
  tally.stopped(0, 0, true)
  const part = (rows: number, fraudMicro: number, fine: number) => ({ rows, fraudMicro, fine })
  expect(
    tally.of([part(10, 0, 10), part(4, 4_000_000, 0)], [part(100, 0, 100), part(8, 8_000_000, 0)]),
  ).toEqual({ saved: 6, share: 0.75, touched: 0.1, refused: 12 })
})
