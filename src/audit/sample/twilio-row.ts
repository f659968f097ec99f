import type { Random } from '../../lab/random.js'
import type { TrafficRow } from '../../lab/traffic.js'

/** Columns of the log, as the Messages resource names its fields. */
export const LOG_HEADER =
  'sid,date_sent,from,to,status,price,price_unit,num_segments,error_code,direction\n'

/**
 * Countries whose text needs letters outside of GSM 03.38, so UCS-2 with 70 characters a segment (3GPP TS 23.038): a code
 * with its warning takes two of them.
 */
const TWO_SEGMENTS: ReadonlySet<string> = new Set(
  'AE AZ BD BG BY CN CZ DZ EG ET GE GR IL JO JP KG KH KR KZ LK MA MM NP PK PL RO RU SA TH TJ TN UA VN'.split(
    ' ',
  ),
)
/** Countries where a sender must be a number. */
const NUMBER_ONLY: ReadonlySet<string> = new Set(['US', 'CA'])
const SENDER = 'Kolibri'
const SENDER_NUMBER = '+18005550134'

/** Unreachable handset, unknown destination, unknown error (https://www.twilio.com/docs/api/errors). */
const LOST = ['30003', '30003', '30005', '30008'] as const
const NOT_IN_USE = '30005'

const MICRO = 1_000_000

const hex = (random: Random): string =>
  random
    .below(2 ** 32)
    .toString(16)
    .padStart(8, '0')

export const isoSecond = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`

/** A message as its log shows it. */
export interface LoggedMessage {
  sid: string
  line: string
  /** of all its segments */
  priceMicroUsd: number
}

/**
 * One line of the log. Lost messages are billed too, as carriers do.
 *
 * @param country of the number, ISO 3166 alpha-2
 * @param maskedDigits last digits of the number that the log hides
 */
export function logged(
  row: TrafficRow,
  country: string,
  random: Random,
  maskedDigits: number,
): LoggedMessage {
  const { deliveryError, deliveredMs } = row.potential
  const sid = `SM${hex(random)}${hex(random)}${hex(random)}${hex(random)}`
  const segments = TWO_SEGMENTS.has(country) ? 2 : 1
  const priceMicroUsd = (row.priceMicroUsd ?? 0) * segments
  const status =
    deliveryError !== null ? 'undelivered' : deliveredMs === null ? 'sent' : 'delivered'
  const error =
    deliveryError === null ? '' : deliveryError === 'unallocated' ? NOT_IN_USE : random.pick(LOST)
  const from = NUMBER_ONLY.has(country) ? SENDER_NUMBER : SENDER
  const to = maskedDigits === 0 ? row.to : row.to.slice(0, -maskedDigits) + 'X'.repeat(maskedDigits)
  const price = (-priceMicroUsd / MICRO).toFixed(5)
  return {
    sid,
    priceMicroUsd,
    line: `${sid},${isoSecond(row.at)},${from},${to},${status},${price},USD,${segments},${error},outbound-api\n`,
  }
}
