import { usd } from '../../engine/money.js'
import { USD } from '../../engine/units.js'
import { count, counted } from '../report/figures.js'
import type { Amount, Compared, Reconciliation } from './reconciliation.js'

/** A table as whoever prints it wants it: the command line aligns it, a page makes cells of it. */
export interface Table {
  title: string
  columns: { title: string; align?: 'left' | 'right' }[]
  rows: string[][]
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
/** Lines of a table; the rest is summed up in one. */
const MOST_LINES = 15

/** Money with its currency: `USD 0.11`, `-EUR 1,200.00`; what is less than a millionth is nothing. */
const moneyText = (value: number, currency: string): string => {
  const micro = Math.round(value * USD)
  return `${micro < 0 ? '-' : ''}${usd(Math.abs(micro)).replace(/^USD/, currency)}`
}

/** What was found, a finding a sentence, worst first; then how it was matched. */
export function findings(result: Reconciliation): string[] {
  const { currency, billed, sent, neverSent, billedTwice, notBilled, billedFailed, price } = result
  const money = (value: number): string => moneyText(value, currency)
  const share =
    billed.money > 0 ? ` (${((100 * neverSent.money) / billed.money).toFixed(1)} %)` : ''
  const were = ({ messages }: Amount): string => counted(messages, 'was', 'were')
  const than = (value: number): string => `${money(Math.abs(value))} ${value < 0 ? 'less' : 'more'}`
  const sentences = [
    `Billed ${counted(billed.messages, 'message', 'messages')} for ${money(billed.money)}; sent ${count(sent.messages)}${result.to > result.from ? ` between ${day(result.from)} and ${day(result.to - 1)}` : ''}.`,
  ]
  const worst: [number, string][] = []
  const say = (of: Amount, sentence: string): void => {
    if (of.messages > 0) worst.push([Math.abs(of.money), sentence])
  }
  say(
    neverSent,
    `${counted(neverSent.messages, 'billed message was', 'billed messages were')} never sent: ${money(neverSent.money)}${share}.`,
  )
  say(billedTwice, `${were(billedTwice)} billed twice under one id: ${money(billedTwice.money)}.`)
  say(
    result.segments,
    `${were(result.segments)} billed with another number of segments than sent: ${than(result.segments.money)}.`,
  )
  say(price, `${were(price)} billed at another price than expected: ${than(price.money)}.`)
  say(
    billedFailed,
    `${count(billedFailed.messages)} failed and were billed all the same: ${money(billedFailed.money)}.`,
  )
  say(
    notBilled,
    `${counted(notBilled.messages, 'was sent and is', 'were sent and are')} not on the invoice: ${money(notBilled.money)}.`,
  )
  worst.sort(([a], [b]) => b - a)
  if (worst.length === 0)
    sentences.push(
      result.expected.messages > 0
        ? 'Invoice and send log agree.'
        : 'Nothing of the invoice could be compared.',
    )
  return [...sentences, ...worst.map(([, sentence]) => sentence), ...result.notes]
}

const COMPARED: Table['columns'] = [
  'billed',
  'money',
  'sent',
  'never sent',
  'money',
  'not billed',
  'other segments',
  'other price',
].map((title) => ({ title, align: 'right' }))
/** Of an invoice of sums only countries are judged. */
const BESIDE = COMPARED.slice(0, 3)

function compared(
  title: string,
  first: string,
  lines: readonly Compared[],
  currency: string,
  columns = COMPARED,
): Table {
  const money = (value: number): string => moneyText(value, currency)
  return {
    title: lines.length > MOST_LINES ? `${title}, ${MOST_LINES} of ${lines.length}` : title,
    columns: [{ title: first }, ...columns],
    rows: lines
      .slice(0, MOST_LINES)
      .map(({ key, billed, sent, neverSent, notBilled, segments, price }) => [
        key,
        ...[
          count(billed.messages),
          money(billed.money),
          count(sent.messages),
          count(neverSent.messages),
          money(neverSent.money),
          count(notBilled.messages),
          money(segments),
          money(price),
        ].slice(0, columns.length),
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
    ...(result.invoice === 'sums'
      ? [
          compared('By operator', 'operator', result.byOperator, currency, BESIDE),
          compared('By period', 'period', result.byDay, currency, BESIDE),
        ]
      : [
          compared('By operator', 'operator', result.byOperator, currency),
          compared('By day', 'day', result.byDay.filter(differ), currency),
        ]),
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
      columns: [
        { title: 'number' },
        { title: 'billed for (UTC)' },
        { title: 'money', align: 'right' },
      ],
      rows: result.examples.map(({ number, at, money: each }) => [
        number,
        at.slice(0, 19).replace('T', ' '),
        money(each),
      ]),
    },
  ]
  return tables.filter(({ rows }) => rows.length > 0)
}
