import { DAY, USD } from '../../engine/units.js'
import { createPhone } from '../../phone/parse.js'
import { currencyOf } from '../analyse/message-prices.js'
import { placesOf } from '../defences/places.js'
import { type MessageLog, STATUS } from '../message-log.js'
import { createComparison } from './compared.js'
import { createPriceWatch, isSamePrice } from './price-changes.js'
import {
  type Amount,
  add,
  type InvoiceRow,
  newAmount,
  otherCurrency,
  type Reconciliation,
} from './reconciliation.js'

/** Unix ms of the first and after the last moment of `YYYY-MM` or `YYYY-MM-DD`; `null`: neither. */
export function periodOf(period: string): { from: number; to: number } | null {
  const parts = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(period)
  if (parts === null) return null
  const [year, month, day] = parts.slice(1).map(Number)
  if (year === undefined || month === undefined || month < 1 || month > 12) return null
  if (parts[3] === undefined) return { from: Date.UTC(year, month - 1), to: Date.UTC(year, month) }
  const from = Date.UTC(year, month - 1, day)
  return new Date(from).toISOString().slice(0, 10) === period ? { from, to: from + DAY } : null
}

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** Whether the invoice's name of an operator is that of the numbering plan: `MTN Nigeria` is `NG/MTN`. */
function isOperator(theirs: string, range: string): boolean {
  const [a, b] = [plain(theirs), plain(range.slice(range.indexOf('/') + 1))]
  return a.length > 1 && b.length > 1 && (a.includes(b) || b.includes(a))
}

interface Sent {
  messages: number
  segments: number
  money: number
  /** of messages with a price of their own */
  priced: number
}

/**
 * An invoice of sums against the log of what was sent. What was never sent is told by country over all of the invoice:
 * providers and senders cut the day at different hours, and ported numbers are billed for another operator than their
 * range's. Days and operators stand side by side for people to look at.
 */
export function reconcileSums(
  invoice: readonly InvoiceRow[],
  sent: MessageLog,
  {
    currency = invoice.find((row) => row.currency)?.currency ?? currencyOf(sent),
  }: { currency?: string },
): Reconciliation {
  const periods = new Map<string, { from: number; to: number }>()
  for (const { period } of invoice) {
    const span = periodOf(period)
    if (span === null)
      throw new RangeError(`invoice: "${period}" is no period; write 2026-11 or 2026-11-03`)
    periods.set(period, span)
  }
  const spans = [...periods].map(([period, span]) => ({ period, ...span }))
  spans.sort((a, b) => a.from - b.from)
  const names = new Map<string, Set<string>>()
  for (const { country, operator } of invoice) {
    if (operator === undefined || operator === '') continue
    const known = names.get(country)
    if (known === undefined) names.set(country, new Set([operator]))
    else known.add(operator)
  }

  const places = placesOf(sent, createPhone())
  const { countries, operators, operatorOf, countryOf, blockOf } = places
  /** operator of the invoice for each of the plan's; '' where it names none */
  const theirs = operators.map((range) => {
    const country = range.slice(0, range.indexOf('/'))
    return [...(names.get(country) ?? [])].find((name) => isOperator(name, range)) ?? ''
  })
  const { at, segments, priceMicro, status } = sent.columns
  const sums = new Map<string, Sent>()
  const failed = newAmount()
  let last: (typeof spans)[number] | undefined
  for (let row = 0; row < sent.size; row++) {
    const time = at[row] as number
    if (last === undefined || time < last.from || time >= last.to)
      last = spans.find(({ from, to }) => time >= from && time < to)
    if (last === undefined) continue
    const block = blockOf[row] as number
    const country = countries[countryOf[block] as number] ?? ''
    const key = JSON.stringify([country, theirs[operatorOf[block] as number] ?? '', last.period])
    let sum = sums.get(key)
    if (sum === undefined) {
      sum = { messages: 0, segments: 0, money: 0, priced: 0 }
      sums.set(key, sum)
    }
    const n = Math.max(1, segments[row] as number)
    const price = priceMicro[row] as number
    sum.messages++
    sum.segments += n
    if (price > 0) {
      sum.money += price / USD
      sum.priced += n
    }
    if (status[row] === STATUS.failed) add(failed, 1, n, price > 0 ? price / USD : 0)
  }
  const covered = daysOf(sent)
  const judged = spans.filter(({ from, to }) => from < covered.to + DAY && to > covered.from - DAY)
  const isJudged = new Set(judged.map(({ period }) => period))
  const left = invoice.filter(({ period }) => !isJudged.has(period))
  const compared = compareSums(
    invoice.filter(({ period }) => isJudged.has(period)),
    sums,
    judged,
    currency,
  )
  const outside = newAmount()
  for (const { messages, segments = messages, amount } of left)
    add(outside, messages, segments, amount)
  const { billed } = compared
  add(billed, outside.messages, outside.segments, outside.money)
  const notes = notesOf(compared, covered, outside, failed.messages)
  return { ...compared, outside, notes: [...notes, ...otherCurrency(currency, sent)] }
}

/** First and after the last moment of the days of a log, Unix ms. */
function daysOf({ columns: { at }, size }: MessageLog): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (let row = 0; row < size; row++) {
    from = Math.min(from, at[row] as number)
    to = Math.max(to, at[row] as number)
  }
  return { from: Math.floor(from / DAY) * DAY, to: (Math.floor(to / DAY) + 1) * DAY }
}

const dayText = (at: number): string => new Date(at).toISOString().slice(0, 10)

function notesOf(
  { from, to, neverSent }: Reconciliation,
  covered: { from: number; to: number },
  outside: Amount,
  failed: number,
): string[] {
  const notes = [
    'The invoice gives sums: only their differences can be told, and a message that was billed in the place of another cannot.',
  ]
  if (neverSent.messages > 0 && (covered.from > from || covered.to < to))
    notes.push(
      `The send log has messages from ${dayText(covered.from)} to ${dayText(covered.to - 1)}: if more were sent in the time of the invoice, they are among those never sent.`,
    )
  if (outside.messages > 0)
    notes.push(
      `Of the billed messages ${outside.messages} lie before or after what the send log covers, and are not judged.`,
    )
  if (failed > 0)
    notes.push(
      `${failed} of the messages sent failed by the send log; they count as sent, for sums do not say whether the provider billed them.`,
    )
  return notes
}

/** Of one country over all periods. */
interface Pair {
  billed: Amount
  sent: Sent
}

/** Where lines of a table go that are told over all periods and operators. */
const ALL = '*'

function compareSums(
  invoice: readonly InvoiceRow[],
  sums: ReadonlyMap<string, Sent>,
  spans: readonly { period: string; from: number; to: number }[],
  currency: string,
): Reconciliation {
  const comparison = createComparison()
  const watch = createPriceWatch()
  const pairs = new Map<string, Pair>()
  const pairOf = (country: string): Pair => {
    let pair = pairs.get(country)
    if (pair === undefined) {
      pair = { billed: newAmount(), sent: { ...newAmount(), priced: 0 } }
      pairs.set(country, pair)
    }
    return pair
  }
  const nameOf = (country: string, operator: string): string =>
    `${country}/${operator === '' ? '(all others)' : operator}`
  for (const { period, country, operator = '', messages, segments = messages, amount } of invoice) {
    add(pairOf(country).billed, messages, segments, amount)
    const name = nameOf(country, operator)
    comparison.count({ country, operator: name, day: period }, 'billed', {
      messages,
      segments,
      money: amount,
    })
    watch.note(country, name, period, segments > 0 ? amount / segments : 0, messages, segments)
  }
  for (const [key, of] of sums) {
    const [country = '', operator = '', period = ''] = JSON.parse(key) as string[]
    const { sent } = pairOf(country)
    add(sent, of.messages, of.segments, of.money)
    sent.priced += of.priced
    const keys = { country, operator: nameOf(country, operator), day: period }
    comparison.count(keys, 'sent', of)
  }

  const total = {
    billed: newAmount(),
    sent: newAmount(),
    expected: newAmount(),
    neverSent: newAmount(),
    notBilled: newAmount(),
    segments: newAmount(),
    price: newAmount(),
  }
  for (const [country, { billed, sent }] of pairs) {
    const keys = { country, operator: ALL, day: ALL }
    const theirUnit = billed.segments > 0 ? billed.money / billed.segments : 0
    const unit = sent.priced > 0 ? sent.money / sent.priced : theirUnit
    const messages = Math.min(billed.messages, sent.messages)
    // in segments as they were sent: more of them on the invoice is a finding of its own
    const each = sent.messages > 0 ? sent.segments / sent.messages : 1
    const theirs = billed.messages > 0 ? billed.segments / billed.messages : 1
    const expected = messages * each * unit
    const more = messages * (theirs - each) * unit
    const dearer = messages * theirs * (theirUnit - unit)
    const extra = billed.messages - messages
    const missing = sent.messages - messages
    add(total.billed, billed.messages, billed.segments, billed.money)
    add(total.sent, sent.messages, sent.segments, sent.segments * unit)
    add(total.expected, messages, messages * each, expected)
    const neverSent = {
      messages: extra,
      segments: extra * theirs,
      money: extra * theirs * theirUnit,
    }
    const notBilled = { messages: missing, segments: missing * each, money: missing * each * unit }
    add(total.neverSent, neverSent.messages, neverSent.segments, neverSent.money)
    add(total.notBilled, notBilled.messages, notBilled.segments, notBilled.money)
    if (Math.abs(theirs - each) * messages >= 1)
      add(total.segments, messages, messages * (theirs - each), 0)
    total.segments.money += more
    if (messages > 0 && !isSamePrice(theirUnit, unit)) total.price.messages += messages
    total.price.money += dearer
    comparison.count(keys, 'neverSent', neverSent)
    comparison.count(keys, 'notBilled', notBilled)
    // amounts are rounded: what is the same price to their last digit is no difference
    comparison.differ(keys, Math.round(more * USD) / USD, isSamePrice(theirUnit, unit) ? 0 : dearer)
  }
  const tables = comparison.result()
  return {
    currency,
    invoice: 'sums',
    from: spans[0]?.from ?? 0,
    to: spans.at(-1)?.to ?? 0,
    ...total,
    matched: { byId: 0, byNumber: 0, byCount: total.expected.messages },
    billedTwice: newAmount(),
    outside: newAmount(),
    billedFailed: newAmount(),
    priceChanges: watch.changes(),
    byCountry: tables.byCountry,
    byOperator: invoice.some(({ operator = '' }) => operator !== '')
      ? tables.byOperator.filter(({ key }) => key !== ALL)
      : [],
    byDay: tables.byDay.filter(({ key }) => key !== ALL),
    examples: [],
    notes: [],
  }
}
