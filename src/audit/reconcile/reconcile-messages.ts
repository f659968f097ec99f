import { maskNumber } from '../../engine/mask.js'
import { median } from '../../engine/median.js'
import { DAY, MINUTE, USD } from '../../engine/units.js'
import { createPhone } from '../../phone/parse.js'
import { currencyOf } from '../analyse/message-prices.js'
import { type Places, placesOf } from '../defences/places.js'
import { type MessageLog, STATUS } from '../message-log.js'
import { createComparison, type Keys } from './compared.js'
import { HOW, match } from './match.js'
import { createPriceWatch, isSamePrice } from './price-changes.js'
import {
  type Amount,
  add,
  newAmount,
  otherCurrency,
  type Reconciliation,
} from './reconciliation.js'

export interface MessageOptions {
  /** how far the times of one message may lie apart in the two logs, ms @default five minutes */
  toleranceMs?: number
}

const TOLERANCE_MS = 5 * MINUTE
const EXAMPLES = 20
/** Prices of a country that its usual one is the middle of. */
const SAMPLE = 501

/** UTC day as text; messages come by the thousand for each. */
function days(): (at: number) => string {
  let number = Number.NaN
  let text = ''
  return (at) => {
    const day = Math.floor(at / DAY)
    if (day !== number) {
      number = day
      text = new Date(day * DAY).toISOString().slice(0, 10)
    }
    return text
  }
}

function keysOf(log: MessageLog, places: Places) {
  const dayOf = days()
  return (row: number): Keys => {
    const block = places.blockOf[row] as number
    return {
      country: places.countries[places.countryOf[block] as number] ?? '',
      operator: places.operators[places.operatorOf[block] as number] ?? '',
      day: dayOf(log.columns.at[row] as number),
    }
  }
}

/** Money of a row as the log has it; NaN where it has none. */
const moneyOf = (log: MessageLog, row: number): number =>
  (log.columns.priceMicro[row] as number) / USD
const segmentsOf = (log: MessageLog, row: number): number =>
  Math.max(1, log.columns.segments[row] as number)

/** The middle price of a segment by country, from what an invoice charges. */
function usualUnits(invoice: MessageLog, places: Places): (country: string) => number {
  const samples = new Map<string, number[]>()
  for (let row = 0; row < invoice.size; row++) {
    const money = moneyOf(invoice, row)
    if (!(money > 0)) continue
    const country = places.countries[places.countryOfRow(row)] ?? ''
    const sample = samples.get(country)
    if (sample === undefined) samples.set(country, [money / segmentsOf(invoice, row)])
    else if (sample.length < SAMPLE) sample.push(money / segmentsOf(invoice, row))
  }
  const usual = new Map([...samples].map(([country, sample]) => [country, median(sample)]))
  return (country) => usual.get(country) ?? 0
}

/** First and last time of a log, Unix ms. */
function spanOf({ columns, size }: MessageLog): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (let row = 0; row < size; row++) {
    from = Math.min(from, columns.at[row] as number)
    to = Math.max(to, columns.at[row] as number)
  }
  return { from, to }
}

/** An invoice of single messages against the log of what was sent. */
export function reconcileMessages(
  invoice: MessageLog,
  sent: MessageLog,
  { toleranceMs = TOLERANCE_MS }: MessageOptions,
): Reconciliation {
  const phone = createPhone()
  const places = placesOf(invoice, phone)
  const billedKeys = keysOf(invoice, places)
  const sentKeys = keysOf(sent, placesOf(sent, phone))
  const usualUnit = usualUnits(invoice, places)
  const found = match(invoice, sent, toleranceMs)
  const [billedSpan, sentSpan] = [spanOf(invoice), spanOf(sent)]
  const slack = found.toleranceMs + Math.abs(found.offsetMs)
  const isOutside = (at: number, span: { from: number; to: number }): boolean =>
    at < span.from - slack || at > span.to + slack

  const comparison = createComparison()
  const watch = createPriceWatch()
  const sums = {
    billed: newAmount(),
    sent: newAmount(),
    expected: newAmount(),
    neverSent: newAmount(),
    billedTwice: newAmount(),
    outside: newAmount(),
    notBilled: newAmount(),
    billedFailed: newAmount(),
    segments: newAmount(),
    price: newAmount(),
  }
  const matched = { byId: 0, byNumber: 0, byCount: 0 }
  const examples: Reconciliation['examples'] = []
  const one = (segments: number, money: number): Amount => ({ messages: 1, segments, money })
  const put = (to: Amount, of: Amount): void => add(to, of.messages, of.segments, of.money)
  let unpriced = 0

  for (const row of found.invoiceOrder) {
    const keys = billedKeys(row)
    const at = invoice.columns.at[row] as number
    const priced = moneyOf(invoice, row)
    if (Number.isNaN(priced)) unpriced++
    const of = one(segmentsOf(invoice, row), Number.isNaN(priced) ? 0 : priced)
    put(sums.billed, of)
    comparison.count(keys, 'billed', of)
    watch.note(keys.country, keys.operator, keys.day, of.money / of.segments, 1, of.segments)
    const how = found.how[row] as number
    if (how === HOW.twice) put(sums.billedTwice, of)
    else if (how === HOW.not) {
      if (isOutside(at, sentSpan)) {
        put(sums.outside, of)
        continue
      }
      put(sums.neverSent, of)
      comparison.count(keys, 'neverSent', of)
      if (examples.length < EXAMPLES)
        examples.push({
          number: maskNumber(`+${invoice.columns.number[row]}`),
          at: new Date(at).toISOString(),
          money: of.money,
        })
    } else {
      matched[how === HOW.id ? 'byId' : how === HOW.number ? 'byNumber' : 'byCount']++
      const partner = found.partner[row] as number
      const segments = segmentsOf(sent, partner)
      const own = moneyOf(sent, partner)
      // a send log without prices, or with free ones, expects what the invoice charges for a segment
      const unit = own > 0 ? own / segments : of.money / of.segments
      const expected = one(segments, segments * unit)
      put(sums.expected, expected)
      const more = (of.segments - segments) * unit
      const dearer = of.money - of.segments * unit
      if (of.segments !== segments) add(sums.segments, 1, of.segments - segments, more)
      // a message that was not charged for is no other price
      if (of.money > 0 && !isSamePrice(of.money / of.segments, unit)) sums.price.messages++
      sums.price.money += dearer
      comparison.differ(keys, more, dearer)
      if (sent.columns.status[partner] === STATUS.failed && of.money > 0) put(sums.billedFailed, of)
    }
  }

  for (const row of found.sendOrder) {
    if (found.billed[row] === 0 && isOutside(sent.columns.at[row] as number, billedSpan)) continue
    const keys = sentKeys(row)
    const segments = segmentsOf(sent, row)
    const own = moneyOf(sent, row)
    const of = one(segments, own > 0 ? own : segments * usualUnit(keys.country))
    put(sums.sent, of)
    comparison.count(keys, 'sent', of)
    if (found.billed[row] === 1 || sent.columns.status[row] === STATUS.failed) continue
    put(sums.notBilled, of)
    comparison.count(keys, 'notBilled', of)
  }

  return {
    currency: currencyOf(invoice),
    invoice: 'messages',
    from: Math.max(billedSpan.from, sentSpan.from),
    to: Math.min(billedSpan.to, sentSpan.to),
    ...sums,
    matched,
    priceChanges: watch.changes(),
    ...comparison.result(),
    examples,
    notes: notesOf(invoice, sent, found.offsetMs, matched, unpriced, sums.outside.messages),
  }
}

function notesOf(
  invoice: MessageLog,
  sent: MessageLog,
  offsetMs: number,
  matched: Reconciliation['matched'],
  unpriced: number,
  outside: number,
): string[] {
  const notes: string[] = []
  const hours = Math.abs(offsetMs) / (60 * MINUTE)
  if (offsetMs !== 0)
    notes.push(
      `The invoice's clock is ${hours} h ${offsetMs > 0 ? 'ahead of' : 'behind'} the send log's: another time zone, taken into account.`,
    )
  if (matched.byCount > 0)
    notes.push(
      'Numbers are masked: messages were matched by how many were sent to each range on each day, which hides a message that was billed in the place of another.',
    )
  if (outside > 0)
    notes.push(
      `Of the billed messages ${outside} lie before or after what the send log covers, and are not judged.`,
    )
  if (unpriced > 0)
    notes.push(`Of the messages of the invoice ${unpriced} have no price, and count as free.`)
  return [...notes, ...otherCurrency(currencyOf(invoice), sent)]
}
