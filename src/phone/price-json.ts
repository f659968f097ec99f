import { type PriceEntry, PriceFileError } from './price-rows.js'

/**
 * Reads the answers of the providers' pricing APIs, one or an array of them:
 *
 * - Twilio Pricing v1, `GET /v1/Messaging/Countries/NG`: `outbound_sms_prices[].prices[].current_price` in `price_unit`;
 *   the dearest sender type of a network counts.
 * - Vonage Pricing, `GET /account/get-full-pricing/outbound/sms` or `get-pricing`: `networks[].price` but for
 *   landlines, `defaultPrice` of countries that list no network.
 *
 * @throws {PriceFileError} where the text is no such answer
 */
export function readPriceJson(text: string, source: string): PriceEntry[] {
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch (error) {
    throw new PriceFileError(source, [
      {
        at: 1,
        column: 'file',
        value: text.slice(0, 60),
        hint: `is not JSON (${error instanceof Error ? error.message : String(error)}); save the answer of the pricing API unchanged`,
      },
    ])
  }
  const documents = Array.isArray(root) ? root : [root]
  return documents.flatMap((document, i) => {
    const at = Array.isArray(root) ? `[${i}]` : '$'
    const entries = isObject(document) ? (twilio(document, at) ?? vonage(document, at)) : null
    if (entries) return entries
    throw new PriceFileError(source, [
      { at, column: 'file', value: JSON.stringify(document) ?? '', hint: explain(document) },
    ])
  })
}

type Json = Record<string, unknown>

function twilio(document: Json, at: string): PriceEntry[] | null {
  const networks = document.outbound_sms_prices
  if (!Array.isArray(networks)) return null
  return networks.filter(isObject).flatMap((network, i) =>
    list(network.prices).map((price, j) => ({
      country: text(document.iso_country),
      mcc: text(network.mcc),
      prefix: '',
      price: text(price.current_price),
      currency: text(document.price_unit),
      at: `${at}.outbound_sms_prices[${i}].prices[${j}]`,
    })),
  )
}

function vonage(document: Json, at: string): PriceEntry[] | null {
  if (Array.isArray(document.countries) && document.countries.some(isVonageCountry)) {
    return list(document.countries).flatMap((country, i) =>
      vonageCountry(country, `${at}.countries[${i}]`),
    )
  }
  return isVonageCountry(document) ? vonageCountry(document, at) : null
}

function isVonageCountry(value: unknown): boolean {
  return isObject(value) && ('defaultPrice' in value || 'networks' in value)
}

function vonageCountry(document: Json, at: string): PriceEntry[] {
  const country = text(document.countryCode)
  // The answer for all countries may leave the code out and give the calling code alone.
  const destination = { country, prefix: country === '' ? text(document.dialingPrefix) : '' }
  const currency = text(document.currency)
  const networks = list(document.networks).filter(({ type }) => text(type) !== 'landline')
  if (networks.length === 0) {
    return [{ ...destination, mcc: '', price: text(document.defaultPrice), currency, at }]
  }
  return networks.map((network, i) => ({
    country,
    mcc: text(network.mcc),
    prefix: text(network.mcc) === '' ? destination.prefix : '',
    price: text(network.price),
    currency: text(network.currency) || currency,
    at: `${at}.networks[${i}]`,
  }))
}

function explain(document: unknown): string {
  if (isObject(document) && list(document.countries).some((country) => 'iso_country' in country)) {
    return "is Twilio's list of countries, which holds no prices; save the answers of /v1/Messaging/Countries/{iso} as one array"
  }
  return 'is neither an answer of Twilio Pricing v1 nor of Vonage Pricing; for other providers write CSV: country,price,currency'
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
}
