import { usd } from '../../engine/money.js'
import { USD } from '../../engine/units.js'
import type { Amount, Compared, Reconciliation } from './reconciliation.js'

/** A table as whoever prints it wants it: the command line aligns it, a page makes cells of it. */
export interface Table {
  title: string
  columns: { title: string; align?: 'left' | 'right' }[]
  rows: string[][]
}

const count = (n: number): string => Math.round(n).toLocaleString('en-US')
const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
/** Lines of a table; the rest is summed up in one. */
const MOST_LINES = 15

/** Money with its currency: `USD 0.11`, `-EUR 1,200.00`. */
const moneyText = (value: number, currency: string): string =>
  value < 0
    ? `-${usd(-value * USD).replace(/^USD/, currency)}`
    : usd(value * USD).replace(/^USD/, currency)

/** What was found, a finding a sentence, worst first; then how it was matched. */
export function findings(result: Reconciliation): string[] {
  const { currency, billed, sent, neverSent, billedTwice, notBilled, billedFailed, price } = result
  const money = (value: number): string => moneyText(value, currency)
  const share =
    billed.money > 0 ? ` (${((100 * neverSent.money) / billed.money).toFixed(1)} %)` : ''
  const sentences = [
    `Billed ${count(billed.messages)} messages for ${money(billed.money)}; sent ${count(sent.messages)}${result.to > result.from ? ` between ${day(result.from)} and ${day(result.to - 1)}` : ''}.`,
  ]
  const worst: [number, string][] = []
  const say = (of: Amount, sentence: string): void => {
    if (of.messages > 0) worst.push([Math.abs(of.money), sentence])
  }
  say(
    neverSent,
    `${count(neverSent.messages)} billed messages were never sent: ${money(neverSent.money)}${share}.`,
  )
  say(
    billedTwice,
    `${count(billedTwice.messages)} were billed twice under one id: ${money(billedTwice.money)}.`,
  )
  say(
    result.segments,
    `${count(result.segments.messages)} were billed with another number of segments than sent: ${money(result.segments.money)}.`,
  )
  say(
    price,
    `${count(price.messages)} were billed at another price than expected: ${money(price.money)}.`,
  )
  say(
    billedFailed,
    `${count(billedFailed.messages)} failed and were billed all the same: ${money(billedFailed.money)}.`,
  )
  say(
    notBilled,
    `${count(notBilled.messages)} were sent and are not on the invoice: ${money(notBilled.money)}.`,
  )
  worst.sort(([a], [b]) => b - a)
  if (worst.length === 0) sentences.push('Invoice and send log agree.')
  return [...sentences, ...worst.map(([, sentence]) => sentence), ...result.notes]
}

const COMPARED: Table['columns'] = [
  'billed',
  'money',
  'sent',
  'never sent',
  'money',
  'not billed',
  'segments',
  'price',
].map((title) => ({ title, align: 'right' }))

function compared(
  title: string,
  first: string,
  lines: readonly Compared[],
  currency: string,
): Table {
  const money = (value: number): string => moneyText(value, currency)
  return {
    title: lines.length > MOST_LINES ? `${title}, ${MOST_LINES} of ${lines.length}` : title,
    columns: [{ title: first }, ...COMPARED],
    rows: lines
      .slice(0, MOST_LINES)
      .map(({ key, billed, sent, neverSent, notBilled, segments, price }) => [
        key,
        count(billed.messages),
        money(billed.money),
        count(sent.messages),
        count(neverSent.messages),
        money(neverSent.money),
        count(notBilled.messages),
        money(segments),
        money(price),
      ]),
  }
}

/** The tables of a reconciliation, those with anything in them; days only where something differs. */
export function reconcileTables(result: Reconciliation): Table[] {
  const { currency } = result
  const money = (value: number): string => moneyText(value, currency)
  const differ = ({ neverSent, notBilled, segments, price }: Compared): boolean =>
    neverSent.messages + notBilled.messages > 0 || segments !== 0 || price !== 0
  const tables: Table[] = [
    compared('By country', 'country', result.byCountry, currency),
    compared('By operator', 'operator', result.byOperator, currency),
    compared('By day', 'day', result.byDay.filter(differ), currency),
    {
      title: 'Price changes',
      columns: [
        { title: 'country' },
        { title: 'since' },
        { title: 'from', align: 'right' },
        { title: 'to', align: 'right' },
        { title: 'messages', align: 'right' },
        { title: 'cost more', align: 'right' },
      ],
      rows: result.priceChanges
        .slice(0, MOST_LINES)
        .map(({ country, since, from, to, messages, money: more }) => [
          country,
          since,
          money(from),
          money(to),
          count(messages),
          money(more),
        ]),
    },
    {
      title: 'Some that were never sent',
      columns: [{ title: 'number' }, { title: 'billed for' }, { title: 'money', align: 'right' }],
      rows: result.examples.map(({ number, at, money: each }) => [number, at, money(each)]),
    },
  ]
  return tables.filter(({ rows }) => rows.length > 0)
}
