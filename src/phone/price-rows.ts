import { regionName } from '../engine/region-name.js'
import { countryOfMcc } from './mobile-country-codes.js'
import { isCountry } from './spelling.js'

/** One price as a file states it, not yet checked. Empty text: the file says nothing there. */
export interface PriceEntry {
  /** ISO 3166 alpha-2, or `*` for everywhere else */
  country: string
  mcc: string
  /** E.164 prefix with or without its plus sign */
  prefix: string
  price: string
  /** ISO 4217 */
  currency: string
  /** where it stands: the line of a CSV file; in JSON the path of the object */
  at: number | string
}

/** What is wrong with one value of a price file, and how to mend it. */
export interface PriceProblem {
  /** line number in CSV, path of the object in JSON */
  at: number | string
  column: string
  value: string
  hint: string
}

/** Prices in micro-USD, by what they are for. */
export interface CheckedPrices {
  prefixes: Map<string, number>
  /** dearest network of each country */
  networks: Map<string, number>
  countries: Map<string, number>
  elsewhere: number | undefined
}

/** Dearer than any message sold: a larger figure is in cents, or the price of a thousand. */
const DEAREST_USD = 10

const SHOWN = 20

/** All that is wrong with a price file. */
export class PriceFileError extends Error {
  override readonly name = 'PriceFileError'

  constructor(
    /** name of the file */
    readonly source: string,
    readonly problems: readonly PriceProblem[],
  ) {
    const lines = problems.slice(0, SHOWN).map(({ at, column, value, hint }) => {
      const place = typeof at === 'number' ? `line ${at}` : at
      return `  ${place}, ${column}: ${value === '' ? 'nothing' : JSON.stringify(value.slice(0, 60))}; ${hint}`
    })
    const more = problems.length > SHOWN ? `\n  and ${problems.length - SHOWN} more` : ''
    super(`prices in ${source} cannot be used:\n${lines.join('\n')}${more}`)
  }
}

/**
 * Checks every entry and gathers the prices.
 *
 * @param rates USD for one unit of a currency, such as `{ EUR: 1.08 }`
 * @throws {PriceFileError} naming every bad value: a table is used whole or not at all
 */
export function checkPrices(
  entries: Iterable<PriceEntry>,
  rates: Readonly<Record<string, number>>,
  source: string,
): CheckedPrices {
  const problems: PriceProblem[] = []
  const checked: CheckedPrices = {
    prefixes: new Map(),
    networks: new Map(),
    countries: new Map(),
    elsewhere: undefined,
  }
  let count = 0
  for (const entry of entries) {
    count++
    const bad = (column: keyof PriceEntry, hint: string) => {
      problems.push({ at: entry.at, column, value: String(entry[column]), hint })
    }
    const price = readPrice(entry, rates, bad)
    const target = readTarget(entry, bad)
    if (price === null || target === null) continue
    const { map, key, column } = target
    if (map === 'networks') {
      checked.networks.set(key, Math.max(price, checked.networks.get(key) ?? 0))
    } else if (key === '*') {
      if (checked.elsewhere !== undefined) bad(column, 'is given twice; keep one of the two')
      checked.elsewhere = price
    } else {
      if (checked[map].has(key)) bad(column, 'is given twice; keep one of the two')
      checked[map].set(key, price)
    }
  }
  if (count === 0) {
    problems.push({ at: 1, column: 'price', value: '', hint: 'the file holds no prices' })
  }
  if (problems.length > 0) throw new PriceFileError(source, problems)
  return checked
}

type Bad = (column: keyof PriceEntry, hint: string) => void

function readPrice(
  { price, currency }: PriceEntry,
  rates: Readonly<Record<string, number>>,
  bad: Bad,
): number | null {
  const code = currency === '' ? 'USD' : currency.toUpperCase()
  const rate = code === 'USD' ? 1 : Object.hasOwn(rates, code) ? rates[code] : undefined
  if (rate === undefined) {
    bad(
      'currency',
      `lines are kept in USD; give the rate of ${code}, such as rates: { ${code}: 1.08 }`,
    )
  }
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(price)) {
    bad('price', 'write a decimal number with a point, such as 0.0812')
    return null
  }
  const usd = Number(price) * (rate ?? 1)
  if (usd > DEAREST_USD) {
    bad(
      'price',
      `is over ${DEAREST_USD} USD; give the price of one message, not in cents and not of a thousand`,
    )
    return null
  }
  const micro = Math.round(usd * 1e6)
  if (micro < 1) {
    bad('price', 'is nothing, so that no line of credit would ever run dry; give a price above 0')
    return null
  }
  return rate === undefined ? null : micro
}

function readTarget(entry: PriceEntry, bad: Bad): Target | null {
  const { prefix, mcc } = entry
  const country = entry.country.toUpperCase()
  if (prefix !== '') {
    const digits = prefix.replace(/^\+/, '')
    if (/^[1-9]\d{0,14}$/.test(digits)) {
      return { map: 'prefixes', key: `+${digits}`, column: 'prefix' }
    }
    bad('prefix', 'write the digits of E.164 from the calling code on, such as 23480')
    return null
  }
  if (country === '*' && mcc === '') return { map: 'countries', key: '*', column: 'country' }
  if (country !== '' && !isRegion(country)) {
    bad('country', 'is no country; write the two letters of ISO 3166, such as NG')
    return null
  }
  if (mcc === '') {
    if (country !== '') return { map: 'countries', key: country, column: 'country' }
    bad('country', 'the row names no destination; give a country, an mcc or a prefix')
    return null
  }
  const key = country || countryOfMcc(mcc)
  if (key !== undefined) return { map: 'networks', key, column: 'mcc' }
  bad(
    'mcc',
    'is the mobile country code of no country; give three digits of ITU-T E.212, or the country',
  )
  return null
}

interface Target {
  map: 'prefixes' | 'networks' | 'countries'
  key: string
  column: keyof PriceEntry
}

/** Price lists name regions that have no numbering plan of their own, such as AQ. */
const isRegion = (code: string): boolean => isCountry(code) || regionName(code) !== null
