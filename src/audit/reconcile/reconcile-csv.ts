import { csvText } from '../report/csv.js'
import type { Compared, Reconciliation } from './reconciliation.js'

const COMPARED = ['billed', 'sent', 'neverSent', 'notBilled'] as const

function comparedText(key: string, lines: readonly Compared[]): string {
  const titles = COMPARED.flatMap((side) => [`${side}_messages`, `${side}_money`])
  return csvText(
    [key, ...titles, 'segments_money', 'price_money'],
    lines.map((line) => [
      line.key,
      ...COMPARED.flatMap((side) => [line[side].messages, line[side].money]),
      line.segments,
      line.price,
    ]),
  )
}

/** The tables of a comparison as CSV, by the names of their files. */
export const reconcileCsv = (result: Reconciliation) => ({
  'by-country.csv': comparedText('country', result.byCountry),
  'by-operator.csv': comparedText('operator', result.byOperator),
  'by-day.csv': comparedText('day', result.byDay),
  'price-changes.csv': csvText(
    ['country', 'operators', 'since', 'from', 'to', 'messages', 'money'],
    result.priceChanges.map((change) => [
      ...[change.country, change.operators.join(' '), change.since, change.from, change.to],
      ...[change.messages, change.money],
    ]),
  ),
})
