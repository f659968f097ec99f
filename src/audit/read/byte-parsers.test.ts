import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createNumberReader } from './byte-number.js'
import { currencyIn, currencyOfName, decimalMarkOf, readPrice } from './byte-price.js'
import { createTimeReader, dayFirstOf } from './byte-time.js'
import { createZone } from './zone.js'

const number = (text: string): [number, number] => {
  const bytes = Buffer.from(`>${text}<`)
  const { number: value, masked } = createNumberReader()(bytes, 1, bytes.length - 1)
  return [value, Number.isNaN(value) ? 0 : masked]
}
const price = (text: string, mark: 'point' | 'comma' = 'point'): number | null => {
  const bytes = Buffer.from(`9${text}9`)
  return readPrice(bytes, 1, bytes.length - 1, mark)
}
const time = (text: string, zone?: string, dayFirst = false): string => {
  const bytes = Buffer.from(`2${text}7`)
  const ms = createTimeReader({ zone: createZone(zone), dayFirst })(bytes, 1, bytes.length - 1)
  return Number.isNaN(ms) ? 'none' : new Date(ms).toISOString()
}

describe('phone numbers', () => {
  it.each([
    ['+2348031234567', 2_348_031_234_567, 0],
    ['2348031234567', 2_348_031_234_567, 0],
    ['+234 803 123 45-67', 2_348_031_234_567, 0],
    ['(+44) 7700.900123', 447_700_900_123, 0],
    ['00447700900123', 447_700_900_123, 0],
    ['="+447700900123"', 447_700_900_123, 0],
    ['2348031234567.0', 2_348_031_234_567, 0],
    ['+99899394XXXX', 998_993_940_000, 4],
    ['+99899394xxxx', 998_993_940_000, 4],
    ['+99899394••••', 998_993_940_000, 4],
    ['+44 (0)7700 900123', 447_700_900_123, 0],
    ['+234\u00a0803\u00a0123\u00a04567', 2_348_031_234_567, 0],
    ['+234\u202f803\u2011123\u20114567', 2_348_031_234_567, 0],
    ['\u200e+2348031234567', 2_348_031_234_567, 0],
    ['\u202a+2348031234567\u202c', 2_348_031_234_567, 0],
    ['+998*****12', 9_980_000_000, 7],
  ])('reads %s', (text, value, masked) => {
    expect(number(text)).toEqual([value, masked])
  })

  it.each([
    '',
    'Acme',
    '08031234567',
    '12345',
    '+1234567890123456',
    '2.34803E+12',
    '+0447700900123',
    '1XXX5550100xx',
    'whatsapp:+447700900123',
    'XXXXXXXXXXX',
  ])('does not take %j for one', (text) => {
    expect(number(text)[0]).toBeNaN()
  })
})

describe('prices', () => {
  it.each([
    ['-0.0512', 'point', 0.0512],
    ['0.0512', 'point', 0.0512],
    ['.05', 'point', 0.05],
    ['0,0512', 'point', 0.0512],
    ['0,075', 'point', 0.075],
    ['1,234', 'point', 1234],
    ['1,234', 'comma', 1.234],
    ['1.234', 'comma', 1234],
    ['1.234', 'point', 1.234],
    ['1.234,56', 'point', 1234.56],
    ['1,234.56', 'comma', 1234.56],
    ['1 234,5', 'point', 1234.5],
    ["1'234.50", 'point', 1234.5],
    ['$0.05', 'point', 0.05],
    ['-$0.05', 'point', 0.05],
    ['€ 0,05', 'point', 0.05],
    ['0.05 USD', 'point', 0.05],
    ['EUR 0.05', 'point', 0.05],
    ['(0.05)', 'point', 0.05],
    ['\u22120.05', 'point', 0.05],
    ['R$ 0,30', 'point', 0.3],
    ['A$0.05', 'point', 0.05],
    ['Rs. 2.50', 'point', 2.5],
    ['0,05 FCFA', 'point', 0.05],
    ['z\u0142 0,20', 'comma', 0.2],
    ['5e-3', 'point', 0.005],
  ] as const)('reads %s with a decimal %s', (text, mark, value) => {
    expect(price(text, mark)).toBeCloseTo(value, 9)
  })

  it('tells a missing price from a bad one', () => {
    for (const text of ['', 'null', 'N/A', '-', '\\N']) expect(price(text)).toBeNull()
    for (const text of ['abc', '1.2.3,4,5', '0.05x', '12:30', '1,23,45.5,6', '5c', '5 \u00a2'])
      expect(price(text)).toBeNaN()
  })

  it('reads any decimal number as JavaScript does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9_999_999 }),
        fc.integer({ min: 0, max: 6 }),
        (n, d) => {
          const text = (n / 10 ** d).toFixed(d)
          expect(price(text)).toBe(Number(text))
          expect(price(`-${text}`)).toBe(Number(text))
        },
      ),
    )
  })

  it('finds the decimal mark of a column where one value settles it', () => {
    expect(decimalMarkOf(['1,234', '0,05', '2'])).toBe('comma')
    expect(decimalMarkOf(['1,234', '1,234.50'])).toBe('point')
    expect(decimalMarkOf(['1,234'])).toBe('point')
    expect(currencyIn('0.05 eur')).toBe('EUR')
    expect(currencyIn('£0.03')).toBe('GBP')
    expect(currencyIn('0.03')).toBe('')
  })

  it('knows currencies by their signs, and by the name of the column', () => {
    expect(currencyIn('\u20a632.50')).toBe('NGN')
    expect(currencyIn('R$ 0,30')).toBe('BRL')
    expect(currencyIn('A$0.05')).toBe('AUD')
    expect(currencyIn('0,05 z\u0142')).toBe('PLN')
    // no code of ISO 4217, and a sign of many
    expect(currencyIn('CFA 25')).toBe('')
    expect(currencyIn('$0.05')).toBe('')
    for (const name of ['price_eur', 'Cost (EUR)', 'priceEUR', 'PriceInEUR', 'Preis [EUR]'])
      expect(currencyOfName(name), name).toBe('EUR')
    for (const name of ['price', 'cost_all', 'total_per', 'eur', 'Amount', 'unit price'])
      expect(currencyOfName(name), name).toBe('')
  })
})

describe('times', () => {
  const T = '2026-03-01T10:00:05.000Z'
  it.each([
    '2026-03-01T10:00:05Z',
    '2026-03-01 10:00:05',
    '2026-03-01T10:00:05.000Z',
    '2026-03-01 10:00:05.000 UTC',
    '2026-03-01T11:00:05+01:00',
    '2026-03-01T15:30:05+0530',
    '2026-03-01 02:00:05 -0800',
    '2026-03-01 02:00:05 PST',
    '2026/03/01 10:00:05',
    '2026-03-01 10:00:05 +0000 UTC',
    'Sun, 01 Mar 2026 10:00:05 +0000',
    'Sun, 1 Mar 2026 10:00:05 GMT',
    'Mar 1, 2026, 10:00:05 AM',
    'March 1, 2026 10:00:05 AM',
    '1 Mar 2026 10:00:05',
    '01-Mar-2026 10:00:05',
    '3/1/2026 10:00:05 AM',
    '03/01/26 10:00:05',
    '01.03.2026 10:00:05',
    '20260301T100005Z',
    '1772359205',
    '1772359205000',
    '1772359205000000',
    '1772359205.000',
    '2026-03-01 12:00:05 GMT+2',
    '2026-03-01 12:00:05 UTC+02:00',
    'Sun Mar 01 2026 05:00:05 GMT-0500 (Eastern Standard Time)',
    '20260301100005',
    '20260301120005+0200',
    '3/1/2026, 10:00:05\u202fAM',
    '3/1/2026 10:00:05 a.m.',
    '3/1/2026 10:00:05 a. m.',
  ])('reads %s', (text) => {
    expect(time(text)).toBe(T)
  })

  it('reads fractions, dates alone, noon and midnight', () => {
    expect(time('2026-03-01T10:00:05.1234567Z')).toBe('2026-03-01T10:00:05.123Z')
    expect(time('2026-03-01')).toBe('2026-03-01T00:00:00.000Z')
    expect(time('202603011000')).toBe('2026-03-01T10:00:00.000Z')
    expect(time('3/1/2026 10:00 p. m.')).toBe('2026-03-01T22:00:00.000Z')
    expect(time('3/1/2026 12:05 AM')).toBe('2026-03-01T00:05:00.000Z')
    expect(time('3/1/2026 12:05 PM')).toBe('2026-03-01T12:05:00.000Z')
    expect(time('01/03/2026 10:00:05', undefined, true)).toBe(T)
  })

  it.each([
    '',
    'yesterday',
    '2026-02-30T10:00:00Z',
    '2026-13-01 10:00:00',
    '2026-03-01 25:00:00',
    '2026-03-01 10:61:00',
    '12',
    '10:00:05',
    '13/13/2026',
    '20260301250000',
    '202602301000',
    '2026-03-01 10:00:05 XST',
  ])('does not take %j for one', (text) => {
    expect(time(text)).toBe('none')
  })

  it('reads local times in their zone, on both sides of a change of clocks', () => {
    expect(time('2026-03-01 10:00:05', 'Africa/Lagos')).toBe('2026-03-01T09:00:05.000Z')
    expect(time('2026-03-29 00:30:00', 'Europe/Berlin')).toBe('2026-03-28T23:30:00.000Z')
    expect(time('2026-03-29 03:30:00', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
    expect(time('2026-10-25 03:30:00', 'Europe/Berlin')).toBe('2026-10-25T02:30:00.000Z')
    expect(time('2026-03-01 10:00:05', '+05:30')).toBe('2026-03-01T04:30:05.000Z')
    // an offset in the text is not overruled
    expect(time('2026-03-01T10:00:05Z', 'Africa/Lagos')).toBe(T)
  })

  it('reads back whatever is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8e11, max: 4e12 }), (ms) => {
        const date = new Date(ms)
        const second = new Date(Math.floor(ms / 1000) * 1000).toISOString()
        expect(time(date.toISOString())).toBe(date.toISOString())
        expect(time(date.toUTCString())).toBe(second)
        expect(time(second.slice(0, 19).replace('T', ' '))).toBe(second)
      }),
    )
  })

  it('tells days from months where a date of the column does', () => {
    expect(dayFirstOf(['03/04/2026', '13/04/2026'])).toBe(true)
    expect(dayFirstOf(['03/04/2026', '04/13/2026'])).toBe(false)
    expect(dayFirstOf(['03/04/2026'])).toBeNull()
  })
})
