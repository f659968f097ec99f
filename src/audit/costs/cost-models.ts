import { usd } from '../../engine/money.js'
import { DAY, USD } from '../../engine/units.js'
import type { AuditResult, CostModel, Saving } from '../audit-result.js'
import type { Judged } from '../defences/judged.js'
import { potentialsOf } from '../defences/potential.js'
import { type SurveyOptions, surveyOf } from '../defences/survey.js'
import { type MessageLog, OUTCOME } from '../message-log.js'
import { perSuccessTotal, VENDOR_FEES, type VendorFee } from './vendor-fees.js'

export interface CostOptions extends SurveyOptions {
  /** ISO 3166 alpha-2 of the markets */
  markets: readonly string[]
  /** what Tollgate would have kept, from `wouldHaveSaved` */
  saving?: Pick<Saving, 'saved' | 'touched'>
  /** running the gate for a month, US dollars @default 30: one small server */
  gateMonthlyUsd?: number
  /** US dollars for one unit of a vendor's currency, such as `{ EUR: 1.08 }`; vendors without one are left out */
  rates?: Readonly<Record<string, number>>
}

const GATE_MONTHLY_USD = 30
const MONTH_MS = (365.25 / 12) * DAY
/** A log shorter than this is taken for so long: nobody rents a server by the minute. */
const LEAST_MS = DAY

const money = (value: number, currency: string): string =>
  usd(value * USD).replace(/^USD/, currency)
const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`
const count = (n: number): string => Math.round(n).toLocaleString('en-US')

/** Units of the log's currency for one of a vendor's; `null` where nobody gave a rate. */
function rateOf(from: string, to: string, usdPerUnit: number | null, options: CostOptions) {
  if (from === to) return 1
  const inUsd = from === 'USD' ? 1 : options.rates?.[from]
  return inUsd === undefined || usdPerUnit === null ? null : inUsd / usdPerUnit
}

/**
 * What the messages of a log cost as they were billed, what they would have cost per verified code, and with the gate;
 * and from where on each pays.
 */
export function costModels(
  log: MessageLog,
  judged: Judged,
  options: CostOptions,
): AuditResult['costs'] {
  const survey = surveyOf(log, options)
  const { prices, currency } = survey
  const { usual } = potentialsOf(survey, judged, options.markets)
  const { at, outcome } = log.columns
  let micro = 0
  let entered = 0
  let known = false
  let likely = 0
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (let row = 0; row < log.size; row++) {
    micro += prices.billed(row)
    if (outcome[row] !== OUTCOME.unknown) known = true
    if (outcome[row] === OUTCOME.verified) entered++
    likely +=
      (1 - (judged.probability[row] as number)) * (usual[survey.places.countryOfRow(row)] as number)
    first = Math.min(first, at[row] as number)
    last = Math.max(last, at[row] as number)
  }
  const spend = micro / USD
  const months = Math.max(LEAST_MS, last - first) / MONTH_MS
  const verified = known ? entered : likely
  const each = (total: number): number | null => (known && entered > 0 ? total / entered : null)
  const counted = known
    ? `${count(entered)} codes were entered`
    : `the log does not say how many codes were entered; ${count(likely)} are likely, at the usual conversion of what is not pumped`

  const models: CostModel[] = [
    {
      name: 'per_message',
      title: 'As billed, per message',
      total: spend,
      perVerified: each(spend),
      assumption: `as the log has it; ${counted}`,
    },
  ]
  const perSuccess = (vendor: VendorFee): CostModel | null => {
    const rate = rateOf(vendor.currency, currency, prices.usdPerUnit, options)
    if (rate === null) return null
    const total = perSuccessTotal(vendor, { rate, verified, spend })
    return {
      name: 'per_success',
      title: `${vendor.vendor}: ${money(vendor.fee, vendor.currency)} for each verified code${vendor.messages ? ', and every message' : ''}`,
      total,
      perVerified: each(total),
      assumption: `list price of ${vendor.seen} (${vendor.source})${vendor.messages ? ', messages at what they cost now: what is pumped is charged, verified or not' : ''}; ${counted}`,
    }
  }
  const vendors = VENDOR_FEES.flatMap((vendor) => perSuccess(vendor) ?? [])
  models.push(...vendors)

  const { saving, gateMonthlyUsd = GATE_MONTHLY_USD } = options
  const gate = prices.usdPerUnit === null ? null : (gateMonthlyUsd / prices.usdPerUnit) * months
  if (saving !== undefined) {
    const total = spend - saving.saved + (gate ?? 0)
    models.push({
      name: 'with_gate',
      title: 'Per message, with Tollgate in front',
      total,
      perVerified: each(total),
      assumption: `the replay's saving of ${money(saving.saved, currency)}, ${gate === null ? 'without the server it runs on' : `and ${money(gateMonthlyUsd, 'USD')} a month for the server it runs on`}; ${percent(saving.touched)} of what is fine would have met a challenge or a refusal`,
    })
  }
  const reference = VENDOR_FEES.flatMap((vendor) => {
    const rate = rateOf(vendor.currency, currency, prices.usdPerUnit, options)
    return rate === null ? [] : [{ vendor: vendor.vendor, fee: vendor.fee * rate }]
  })[0]
  const perMonth = gate === null ? null : gate / months
  const sums = {
    spend,
    verified,
    rows: log.size,
    known,
    currency,
    gate: perMonth,
    saving,
    reference,
  }
  return { models, breakEven: breakEven(sums) }
}

/** One sentence: below which price and conversion a contract per success pays, and from which volume the gate does. */
function breakEven(sums: {
  spend: number
  verified: number
  rows: number
  known: boolean
  currency: string
  /** a month of the gate, in the log's currency */
  gate: number | null
  saving: Pick<Saving, 'saved'> | undefined
  reference: { vendor: string; fee: number } | undefined
}): string {
  const { spend, verified, rows, known, currency, gate, saving, reference } = sums
  if (rows === 0 || spend === 0 || verified === 0)
    return 'No break-even can be told: the log has no money or no verified code in it.'
  const price = spend / rows
  const parts = [
    `At ${money(price, currency)} a message and ${percent(verified / rows)} of messages verified${known ? '' : ' (estimated)'} a verified code costs ${money(spend / verified, currency)}, and a contract that charges verified codes and nothing else pays below that price`,
  ]
  if (reference !== undefined)
    parts.push(
      price < reference.fee
        ? `at ${money(reference.fee, currency)} a code, which is what ${reference.vendor} charges besides messages, it would pay while fewer than ${percent(price / reference.fee)} of messages are verified`
        : `at ${money(reference.fee, currency)} a code, which is what ${reference.vendor} charges besides messages, it would pay at any conversion`,
    )
  if (saving !== undefined && gate !== null) {
    const perMessage = saving.saved / rows
    parts.push(
      perMessage > 0
        ? `the gate pays for its server from ${count(gate / perMessage)} messages a month like these`
        : 'the gate would have saved nothing here that pays for its server',
    )
  }
  return `${parts.join('; ')}.`
}
