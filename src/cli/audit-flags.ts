import { type Command, InvalidArgumentError, Option } from 'commander'
import type { PricingOptions } from '../audit/analyse/message-prices.js'
import { DATE_ORDERS, type DateOrder } from '../audit/read/date-order.js'
import { loadPrices } from '../phone/prices.js'
import { asUsage } from './fault.js'
import { countriesOf, countryOf } from './flag-values.js'
import type { GlobalFlags } from './terminal.js'

/** Flags of every verb that reads message logs. */
export interface LogFlags extends GlobalFlags {
  map?: string
  outcomes?: string
  timezone?: string
  country?: string
  currency?: string
  dates?: DateOrder
  markets?: string[]
  usdRate?: number
  prices?: string
}

function rateOf(text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('give US dollars for one unit of the currency, such as 1.08')
}

function currencyOf(text: string): string {
  const code = text.trim().toUpperCase()
  if (/^[A-Z]{3}$/.test(code)) return code
  throw new InvalidArgumentError('give a currency as its ISO 4217 code, such as EUR')
}

/** How message logs are read. */
export const logFlags = (command: Command): Command =>
  command
    .option('--map <columns>', 'columns of a log nobody knows: to=recipient,at=created,price=cost')
    .option('--timezone <zone>', 'zone of times that name none (default: UTC)')
    .addOption(
      new Option(
        '--dates <order>',
        'how dates such as 03/04/2026 are read (default: as the files tell)',
      ).choices(DATE_ORDERS),
    )
    .option('--country <code>', 'country of numbers without a calling code', countryOf)
    .option('--currency <code>', 'keep the messages billed in this currency only', currencyOf)

/** How they are read, and what they are judged by. */
export const judgedLogFlags = (command: Command): Command =>
  logFlags(command)
    .option('--outcomes <file>', 'who entered the code: numbers and times, or message ids')
    .option('--markets <codes>', 'countries of your users, such as NG,GH', countriesOf)
    .option('--usd-rate <rate>', 'US dollars for one unit of the currency of the log', rateOf)
    .option(
      '--prices <file>',
      'price list for countries of which the log has no price (default: example prices)',
    )

/** What messages cost, from the flags. @throws CliFault of a price file with a mistake in it */
export const pricingOf = async (
  { usdRate, prices }: LogFlags,
  at: (path: string) => string,
): Promise<PricingOptions> => ({
  ...(usdRate !== undefined && { usdPerUnit: usdRate }),
  ...(prices !== undefined && { list: await asUsage('', () => loadPrices(at(prices))) }),
})

/** Options of the readers, from the flags. */
export const readingOf = ({ map, outcomes, timezone, country, currency, dates }: LogFlags) => ({
  ...(map !== undefined && { map }),
  ...(outcomes !== undefined && { outcomes }),
  ...(timezone !== undefined && { timezone }),
  ...(country !== undefined && { country }),
  ...(currency !== undefined && { currency }),
  ...(dates !== undefined && { dates }),
})

/** A share with its sign: a bare 5 could be a share of one or of a hundred. */
export function shareOf(text: string): number {
  const found = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim())
  const value = Number(found?.[1])
  if (found !== null && value <= 100) return value / 100
  throw new InvalidArgumentError('give a share such as 5%')
}
