import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testFolder } from '../../test/fakes/test-folder.js'
import { parseNumber } from './parse.js'
import {
  examplePrices,
  loadPrices,
  PriceFileError,
  type PriceProblem,
  parsePrices,
} from './prices.js'

const NIGERIAN = parseNumber('+2348031234567')
const FRENCH = parseNumber('+33612345678')

function problemsOf(content: string, options = {}): readonly PriceProblem[] {
  try {
    parsePrices(content, options)
  } catch (error) {
    if (error instanceof PriceFileError) return error.problems
    throw error
  }
  return []
}

describe('CSV', () => {
  test('longest prefix, then dearest network, then country, then everywhere else', () => {
    const table = parsePrices(
      [
        '\ufeffcountry,mcc,mnc,prefix,price,currency',
        '# our contract of this month',
        '',
        'NG,,,,0.11,USD',
        'FR,,,,0.07,',
        ',621,20,,0.15,USD',
        ',621,30,,0.21,USD',
        ',621,60,,0.18,USD',
        ',,,+23480,0.30,usd',
        ',,,2348031,0.05,USD',
        '*,,,,0.2,USD',
      ].join('\r\n'),
    )
    expect(table.priceOf(NIGERIAN)).toBe(50_000)
    expect(table.priceOf(parseNumber('+2348021234567'))).toBe(300_000)
    expect(table.priceOf(parseNumber('+2347031234567'))).toBe(210_000)
    expect(table.priceOf(FRENCH)).toBe(70_000)
    expect(table.dearest('NG', '234')).toBe(300_000)
    expect(table.dearest('FR', '33')).toBe(70_000)
    expect(table.dearest('DE', '49')).toBe(200_000)
    expect(table.priceOf(parseNumber('+4915123456789'))).toBe(200_000)
    expect(table.countries).toBe(2)
  })

  test('columns in any order and case, others ignored, fields in quotes', () => {
    const table = parsePrices('Carrier,PRICE,Country\n"MTN, the ""big"" one", 0.11 ,"ng"\n')
    expect(table.priceOf(NIGERIAN)).toBe(110_000)
  })

  test('no header', () => {
    const table = parsePrices('NG,0.11,USD\nFR,0.07\n+33612,0.09,EUR\n', { rates: { EUR: 1.1 } })
    expect(table.priceOf(NIGERIAN)).toBe(110_000)
    expect(table.priceOf(FRENCH)).toBe(99_000)
    expect(table.priceOf(parseNumber('+33712345678'))).toBe(70_000)
  })

  test('destinations without a price cost what the caller says, or ten cents', () => {
    expect(parsePrices('NG,0.11').priceOf(FRENCH)).toBe(100_000)
    expect(parsePrices('NG,0.11', { elsewhereUsd: 0.4 }).priceOf(FRENCH)).toBe(400_000)
    expect(parsePrices('NG,0.11').priceOf(parseNumber('nonsense'))).toBe(100_000)
  })

  test('a tiny price is rounded to whole micro-USD', () => {
    expect(parsePrices('NG,0.0000123').priceOf(NIGERIAN)).toBe(12)
  })

  test.each([
    ['NG,0.11,EUR', 'currency', 'EUR', /rates: \{ EUR/],
    ['NG,0.11,constructor', 'currency', 'constructor', /rate/],
    ['NG,"0,11",USD', 'price', '0,11', /decimal number with a point/],
    ['NG,free,USD', 'price', 'free', /decimal number/],
    ['NG,-1,USD', 'price', '-1', /decimal number/],
    ['NG,1e-3,USD', 'price', '1e-3', /decimal number/],
    ['NG,NaN,USD', 'price', 'NaN', /decimal number/],
    ['NG,,USD', 'price', '', /decimal number/],
    ['NG,0,USD', 'price', '0', /run dry/],
    ['NG,11,USD', 'price', '11', /one message/],
    ['NX,0.11,USD', 'country', 'NX', /ISO 3166/],
    ['+0,0.11,USD', 'prefix', '+0', /E\.164/],
    ['+1234567890123456,0.11,USD', 'prefix', '+1234567890123456', /E\.164/],
    ['NG,0.11\nNG,0.12', 'country', 'NG', /twice/],
    ['*,0.11\n*,0.12', 'country', '*', /twice/],
    ['country,mcc,price\nNigeria,621,0.1', 'country', 'Nigeria', /two letters/],
    ['country,mcc,price\n,901,0.1', 'mcc', '901', /E\.212/],
    ['country,mcc,price\n,,0.1', 'country', '', /destination/],
    ['mcc,price\n62,0.1', 'mcc', '62', /E\.212/],
  ])('%j: a bad %s', (content, column, value, hint) => {
    const problems = problemsOf(content)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ at: content.split('\n').length, column, value })
    expect(problems[0]?.hint).toMatch(hint)
  })

  test.each([
    ['', /no prices: it is empty/],
    ['country,price\n', /no prices: there is no row below its header/],
    ['# only a comment', /no prices/],
    ['NG;0.11;USD', /commas/],
    ['nation,cost\nNG,0.11', /commas|names of columns/],
    ['country,price\nNG,0.11,USD', /3 fields where 2/],
    ['country,price\nNG,"0.11', /quotes/],
    ['NG,0.11,USD,extra', /4 fields/],
    ['NG', /1 fields/],
  ])('%j cannot be read', (content, hint) => {
    expect(problemsOf(content)[0]?.hint).toMatch(hint)
  })

  test('every bad row is named, twenty of them in the message', () => {
    const rows = Array.from({ length: 30 }, (_, i) => `NG,free ${i},USD`)
    const content = ['FR,0.07,USD', ...rows].join('\n')
    expect(problemsOf(content)).toHaveLength(30)
    expect(() => parsePrices(content, { source: 'prices.csv' })).toThrow(
      /prices in prices\.csv cannot be used:\n {2}line 2, price: "free 0"; write a decimal number[\s\S]*line 21, [\s\S]*and 10 more$/,
    )
  })
})

const twilioNigeria = {
  country: 'Nigeria',
  iso_country: 'NG',
  outbound_sms_prices: [
    {
      carrier: 'MTN',
      mcc: '621',
      mnc: '30',
      prices: [
        { base_price: '0.30', current_price: '0.25', number_type: 'mobile' },
        { base_price: '0.30', current_price: '0.27', number_type: 'shortcode' },
      ],
    },
    {
      carrier: 'Airtel',
      mcc: '621',
      mnc: '20',
      prices: [{ base_price: 0.2, current_price: 0.2, number_type: 'local' }],
    },
  ],
  inbound_sms_prices: [{ base_price: '0.0075', current_price: '0.0075', number_type: 'local' }],
  price_unit: 'USD',
  url: 'https://pricing.twilio.com/v1/Messaging/Countries/NG',
}

const vonageCanada = {
  countryCode: 'CA',
  countryName: 'Canada',
  currency: 'EUR',
  defaultPrice: '0.00620000',
  dialingPrefix: '1',
  networks: [
    { type: 'mobile', price: '0.00590000', currency: 'EUR', mcc: '302', mnc: '530' },
    { type: 'mobile', price: '0.01000000', currency: 'EUR', mcc: '302', mnc: '720' },
    { type: 'landline', price: '0.90000000', currency: 'EUR', mcc: '302', mnc: '999' },
  ],
}

describe('answers of pricing APIs', () => {
  test('Twilio: the dearest sender type of the dearest network', () => {
    expect(parsePrices(JSON.stringify(twilioNigeria)).priceOf(NIGERIAN)).toBe(270_000)
    const france = { ...twilioNigeria, iso_country: 'FR', price_unit: 'eur' }
    const both = parsePrices(JSON.stringify([twilioNigeria, france]), { rates: { EUR: 2 } })
    expect(both.priceOf(FRENCH)).toBe(540_000)
  })

  test('Vonage: networks but for landlines, the default price where there are none', () => {
    const rates = { EUR: 1.1 }
    const canadian = parseNumber('+16135550123')
    expect(parsePrices(JSON.stringify(vonageCanada), { rates }).priceOf(canadian)).toBe(11_000)
    const all = {
      count: '2',
      countries: [
        vonageCanada,
        { countryName: 'France', currency: 'EUR', defaultPrice: '0.06', dialingPrefix: '33' },
      ],
    }
    const table = parsePrices(JSON.stringify(all), { rates })
    expect(table.priceOf(canadian)).toBe(11_000)
    expect(table.priceOf(FRENCH)).toBe(66_000)
  })

  test('a bad value is named by its path', () => {
    const bad = structuredClone(twilioNigeria)
    const price = bad.outbound_sms_prices[0]?.prices[1]
    if (price) price.current_price = 'n/a'
    expect(problemsOf(JSON.stringify(bad))).toEqual([
      expect.objectContaining({
        at: '$.outbound_sms_prices[0].prices[1]',
        column: 'price',
        value: 'n/a',
      }),
    ])
    expect(problemsOf(JSON.stringify(vonageCanada))).toHaveLength(2)
    expect(problemsOf(JSON.stringify(vonageCanada))[0]).toMatchObject({ column: 'currency' })
  })

  test.each([
    ['{', /not JSON/],
    ['{}', /neither/],
    ['[]', /no prices/],
    ['[1]', /neither/],
    ['[null]', /neither/],
    ['{"outbound_sms_prices": []}', /no prices/],
    ['{"countries":[{"country":"Nigeria","iso_country":"NG","url":"x"}]}', /list of countries/],
    [`[${'['.repeat(20_000)}`, /not JSON/],
  ])('%.60s', (content, hint) => {
    expect(problemsOf(content)[0]?.hint).toMatch(hint)
  })
})

describe('loadPrices', () => {
  test('reads a file and says where the prices come from', () => {
    const file = join(testFolder(), 'prices.csv')
    writeFileSync(file, 'NG,0.11,USD\n')
    const table = loadPrices(file)
    expect(table.source).toBe(file)
    expect(table.priceOf(NIGERIAN)).toBe(110_000)
  })

  test('says which file it cannot read', () => {
    expect(() => loadPrices('/nowhere/prices.csv')).toThrow(/cannot read \/nowhere\/prices\.csv/)
  })

  test.each([{ rates: { EUR: 0 } }, { rates: { EUR: Number.NaN } }, { elsewhereUsd: 0 }])(
    '%j is a mistake',
    (options) => {
      expect(() => parsePrices('NG,0.11', options)).toThrow(/above 0/)
    },
  )
})

test('the example prices say that they are an example, and cover the markets of a first start', () => {
  const table = examplePrices()
  expect(table.source).toMatch(/example/)
  expect(table.countries).toBeGreaterThanOrEqual(60)
  expect(table.priceOf(NIGERIAN)).toBe(110_000)
  expect(table.priceOf(parseNumber('+50161234567'))).toBe(250_000)
  expect(table.priceOf(parseNumber('+9607712345'))).toBe(100_000)
})
