import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../engine/units.js'
import { formatDuration, formatMoney, parseDuration, parseMoney } from './units.js'

describe('durations', () => {
  test.each([
    ['90s', 90 * SECOND],
    ['10m', 10 * MINUTE],
    ['1h', HOUR],
    ['1h30m', 90 * MINUTE],
    ['0.5h', 30 * MINUTE],
    ['7d', 7 * DAY],
    ['0s', 0],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toEqual({ value: ms })
  })

  test.each([
    ['10 min', 'write 10m'],
    ['2 hours', 'write 2h'],
    ['1 Day', 'write 1d'],
    ['30seconds', 'write 30s'],
    [600, 'write 600s, 600m, 600h or 600d'],
  ])('%s is mended to: %s', (written, hint) => {
    expect(parseDuration(written)).toMatchObject({ hint })
  })

  test.each(['', '-5m', '5', 'm', '1e3s', '5m!', '٥m', 'P1D'])('%j is none', (text) => {
    expect(parseDuration(text)).toHaveProperty('wrong')
  })

  test('what is written is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * SECOND))).toEqual({
          value: seconds * SECOND,
        })
      }),
      { seed: 7 },
    )
  })
})

describe('money', () => {
  test.each([
    ['50 USD', 50_000_000],
    ['0.50 USD', 500_000],
    ['0.0075 USD', 7_500],
    ['0.000001 USD', 1],
    ['0 USD', 0],
  ])('%s', (text, microUsd) => {
    expect(parseMoney(text)).toEqual({ value: microUsd })
  })

  test.each([
    [50, 'write 50 USD'],
    [0.5, 'write 0.5 USD'],
    ['$50', 'write 50 USD'],
    ['50USD', 'write 50 USD'],
    ['50 dollars', 'write 50 USD'],
    ['USD 0.50', 'write 0.50 USD'],
  ])('%s is mended to: %s', (written, hint) => {
    expect(parseMoney(written)).toMatchObject({ hint })
  })

  test.each(['', '-5 USD', '1e3 USD', '50 EUR', '1,000 USD', '0.0000001 USD', 'USD'])(
    '%j is none',
    (text) => {
      expect(parseMoney(text)).toHaveProperty('wrong')
    },
  )

  test('what is written is read back, to the micro-dollar', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 13 }), (microUsd) => {
        expect(parseMoney(formatMoney(microUsd))).toEqual({ value: microUsd })
      }),
      { seed: 7 },
    )
  })
})
