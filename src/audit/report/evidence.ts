import type { PriceFrom } from '../analyse/message-prices.js'
import type { Audited } from '../audit.js'
import type { AuditIncident, AuditResult } from '../audit-result.js'
import { FOUND } from '../defences/judged.js'
import { OUTCOME, STATUS } from '../message-log.js'
import { type Cell, csvRow } from './csv.js'
import { rangeFinder } from './find-range.js'
import type { Pseudonyms } from './pseudonyms.js'

const STATUS_NAMES: Readonly<Record<number, string>> = {
  [STATUS.unknown]: '',
  [STATUS.sent]: 'sent',
  [STATUS.delivered]: 'delivered',
  [STATUS.failed]: 'failed',
}

/** What a carrier needs to find a message and its charge, and nothing else that a log knows of a person. */
const FIELDS = [
  'number',
  'sent_at',
  'range',
  'country',
  'operator',
  'segments',
  'amount',
  'amount_from',
  'currency',
  'status',
  'error',
  'code_entered',
  'certainty',
] as const

const AMOUNT_FROM: Readonly<Record<PriceFrom, string>> = {
  log: 'log',
  country: 'usual in country',
  list: 'price list',
}

const CODE_ENTERED: Readonly<Record<number, string>> = {
  [OUTCOME.unknown]: '',
  [OUTCOME.verified]: 'yes',
  [OUTCOME.unverified]: 'no',
}

/** `+2348031234567`, hidden digits as x. */
function numberText(number: number, masked: number): string {
  const digits = String(number)
  return `+${digits.slice(0, digits.length - masked)}${'x'.repeat(masked)}`
}

/** Rows at a time: the file of an attack with millions of messages is not held in memory. */
const CHUNK = 2_000

export interface Evidence {
  /** messages and money of the file so far, micro of the log's currency */
  sums: {
    messages: number
    micro: number /** messages of which the log has no price */
    unpriced: number
  }
  /** text of the file, piece by piece */
  chunks: Generator<string>
}

/**
 * Messages of an incident that are probably or surely pumped, in order of time: those to its ranges from its onset to
 * its end. `sums` are those of the file when all chunks are taken.
 */
export function evidence(
  { judged, result, survey }: Audited,
  { ranges, onset, end }: AuditIncident,
  pseudonyms: Pseudonyms | null,
): Evidence {
  const sums = { messages: 0, micro: 0, unpriced: 0 }
  const { log, places, prices } = survey
  const { columns, errors } = log
  const rangeOf = rangeFinder(log, places, ranges)
  const from = Date.parse(onset)
  // the end is told by the second: what was sent within it belongs to it
  const to = Date.parse(end) + 999
  const { currency } = result.spend

  function cells(row: number, range: AuditIncident['ranges'][number]): Cell[] {
    const number = columns.number[row] as number
    const masked = columns.masked[row] as number
    const amount = prices.billed(row)
    sums.messages++
    sums.micro += amount
    const from = prices.from(row)
    if (from !== 'log') sums.unpriced++
    return [
      pseudonyms === null ? numberText(number, masked) : pseudonyms.of(number),
      new Date(columns.at[row] as number).toISOString(),
      range.key,
      range.country,
      range.operator,
      columns.segments[row] as number,
      amount / 1e6,
      AMOUNT_FROM[from],
      currency,
      STATUS_NAMES[columns.status[row] as number] ?? '',
      errors[columns.error[row] as number] ?? '',
      CODE_ENTERED[columns.outcome[row] as number] ?? '',
      judged.certainty[row] === 3 ? 'surely' : 'probably',
    ]
  }

  function* chunks(): Generator<string> {
    let text = csvRow(FIELDS)
    let rows = 0
    for (const row of judged.order) {
      const at = columns.at[row] as number
      if (at < from || at > to || (judged.certainty[row] as number) < FOUND) continue
      const range = ranges[rangeOf(row)]
      if (range === undefined) continue
      text += csvRow(cells(row, range))
      if (++rows % CHUNK === 0) {
        yield text
        text = ''
      }
    }
    yield text
  }
  return { sums, chunks: chunks() }
}

/** The letter that goes with the file. */
export function evidenceLetter(
  result: AuditResult,
  incident: AuditIncident,
  { messages, micro, unpriced }: Evidence['sums'],
  { file, pseudonymised }: { file: string; pseudonymised: boolean },
): string {
  const { currency } = result.spend
  const amount = (value: number): string =>
    `${currency} ${value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
  const ranges = incident.ranges.map(
    ({ key, operator, country, messages: n, spend }) =>
      `  ${key}  ${operator || country}  ${n.toLocaleString('en')} messages  ${amount(spend)}`,
  )
  return `Artificially inflated traffic (SMS pumping): evidence of incident ${incident.id}

From         ${incident.onset} (UTC)
To           ${incident.end} (UTC)
Countries    ${incident.countries.join(', ')}
Messages     ${messages.toLocaleString('en')}, listed one by one in ${file}
Amount       ${amount(micro / 1e6)}${unpriced === 0 ? '' : `, of which ${unpriced.toLocaleString('en')} messages have no price in our log: theirs is estimated (column amount_from)`}
Estimate     ${amount(incident.money.value)} of all messages to these ranges at that time, with 90 % confidence ${amount(incident.money.low)} to ${amount(incident.money.high)}

Why we hold that these messages were not asked for by subscribers
${incident.because.map((sentence) => `  - ${sentence}`).join('\n')}

Ranges
${ranges.join('\n')}

What is in the file
  One message a row, by time: the number it went to, when, its range, operator and country, segments, amount,
  state and error as your network reported them, whether the code was entered, and how certain the audit is
  (surely: at least 95 % likely, probably: at least 50 %).
  ${pseudonymised ? 'Numbers are pseudonyms: ask us for those that you need.' : 'Numbers are there because you need them to find the messages; nothing else of a person is. Please use them for this case only.'}

What we ask for
  Credit for these messages, and that the ranges are blocked or investigated with the operators that terminate them.

Made by Tollgate ${result.tollgate} from our message log.
`
}
