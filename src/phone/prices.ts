import { readFileSync } from 'node:fs'
import type { NumberFacts } from '../engine/facts.js'
import { EXAMPLE_PRICES_USD } from './example-prices.js'
import { readPriceCsv } from './price-csv.js'
import { readPriceJson } from './price-json.js'
import { type CheckedPrices, checkPrices } from './price-rows.js'

export { PriceFileError, type PriceProblem } from './price-rows.js'

/** What a message to a destination that no row names is taken to cost, USD: dear enough to be missed, never free. */
export const ELSEWHERE_USD = 0.1

export interface PriceOptions {
  /** USD for one unit of a currency, such as `{ EUR: 1.08 }`; without a rate only USD is accepted */
  rates?: Readonly<Record<string, number>>
  /** price of destinations that the file does not name, USD @default 0.10, or the `*` row of a CSV file */
  elsewhereUsd?: number
}

export interface PriceTable {
  /** where the prices come from, for people */
  readonly source: string
  /** countries with a price of their own */
  readonly countries: number
  /**
   * Price of one message to a number, micro-USD: by its longest priced prefix, else the dearest network of its country,
   * else its country, else everywhere else. Networks are priced by MCC and MNC, which no public data joins to number
   * ranges (and ported numbers could not be joined at all), so the dearest one stands for all of them: the bound on
   * losses then holds whichever network the number is in.
   */
  priceOf(number: Pick<NumberFacts, 'e164' | 'country'>): number
  /**
   * The dearest message to a country, micro-USD: what a bound on its losses is reckoned with. All prefixes of the
   * calling code count, so that a country that shares its code (+1, +7, +44) is never reckoned too cheap.
   * @param callingCode without the plus sign
   */
  dearest(country: string, callingCode: string): number
}

/**
 * Reads a price file: CSV (see `readPriceCsv`), or JSON of the Twilio or Vonage pricing API.
 *
 * @throws {PriceFileError} with line, column, value and remedy of everything that is wrong in it
 */
export function loadPrices(file: string, options: PriceOptions = {}): PriceTable {
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Error(`prices: cannot read ${file}; check the path and who may read it`, { cause })
  }
  return parsePrices(content, { ...options, source: file })
}

/** As {@link loadPrices}, of text. @param options.source name of the text in messages */
export function parsePrices(
  content: string,
  options: PriceOptions & { source?: string } = {},
): PriceTable {
  const { rates = {}, elsewhereUsd, source = 'text' } = options
  for (const [currency, rate] of Object.entries(rates)) {
    if (!(rate > 0 && Number.isFinite(rate))) {
      throw new Error(`prices: rates.${currency} is ${rate}; give USD for one ${currency}, above 0`)
    }
  }
  if (elsewhereUsd !== undefined && !(elsewhereUsd > 0 && Number.isFinite(elsewhereUsd))) {
    throw new Error(`prices: elsewhereUsd is ${elsewhereUsd}; give USD of one message, above 0`)
  }
  const json = /^\ufeff?\s*[[{]/.test(content)
  const entries = json ? readPriceJson(content, source) : readPriceCsv(content, source)
  return tableOf(checkPrices(entries, rates, source), source, elsewhereUsd)
}

/**
 * EXAMPLE ONLY: rounded figures of the order of public list prices, so that a first start has money to reckon with.
 * Import your own provider's prices.
 */
export function examplePrices(): PriceTable {
  const countries = Object.entries(EXAMPLE_PRICES_USD).map(
    ([country, usd]) => [country, Math.round(usd * 1e6)] as const,
  )
  return tableOf(
    {
      prefixes: new Map(),
      networks: new Map(),
      countries: new Map(countries),
      elsewhere: undefined,
    },
    "example prices, not any provider's: import your own",
  )
}

function tableOf(prices: CheckedPrices, source: string, elsewhereUsd?: number): PriceTable {
  const byCountry = new Map([...prices.countries, ...prices.networks])
  const elsewhere = prices.elsewhere ?? Math.round((elsewhereUsd ?? ELSEWHERE_USD) * 1e6)
  const lengths = [...new Set([...prices.prefixes.keys()].map((prefix) => prefix.length))]
  lengths.sort((a, b) => b - a)
  return {
    source,
    countries: byCountry.size,
    priceOf({ e164, country }) {
      for (const length of lengths) {
        const price = prices.prefixes.get(e164.slice(0, length))
        if (price !== undefined) return price
      }
      return byCountry.get(country) ?? elsewhere
    },
    dearest(country, callingCode) {
      const code = `+${callingCode}`
      let most = byCountry.get(country) ?? elsewhere
      for (const [prefix, price] of prices.prefixes) {
        if ((prefix.startsWith(code) || code.startsWith(prefix)) && price > most) most = price
      }
      return most
    },
  }
}
