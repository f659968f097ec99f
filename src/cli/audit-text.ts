import { priceSource } from '../audit/analyse/limits.js'
import type { AuditResult } from '../audit/audit-result.js'
import { bestFirst, shortened } from '../audit/report/defence-title.js'
import { count, counted, dayText, interval, money, part, percent } from '../audit/report/figures.js'
import { anyFraud } from '../audit/report/headline.js'
import { incomplete, leftOut } from '../audit/report/left-out.js'
import { columns, pairs } from './columns.js'

/** Incidents, defences and kinds of skipped rows shown; the report has the others. */
const SHOWN = 4
/** Letters of a defence's title on a line of 100. */
const TITLE = 52
const GAPS = /\u00a0/g

const right = (title: string) => ({ title, align: 'right' as const })
const left = (title: string) => ({ title })

function figures(result: AuditResult): string[] {
  const { fraud, spend, trend, countries } = result
  const { currency } = spend
  const row = (name: string, value: number, rest = ''): [string, string] => [
    name,
    `${money(value, currency)}, ${percent(part(value, spend.total))}${rest}`,
  ]
  const where = [...countries]
    .filter((place) => place.fraud > 0)
    .sort((a, b) => b.fraud - a.fraud)
    .slice(0, SHOWN)
    .map((place) => `${place.name} ${money(place.fraud, currency)}`)
  const first = result.incidents
    .filter(({ kind }) => kind === 'attack')
    .map(({ onset }) => onset)
    .sort()[0]
  const caution = incomplete(result)
  return pairs([
    ...(caution === null ? [] : [['caution', caution] as [string, string]]),
    [
      'spent',
      `${money(spend.total, currency)} on ${counted(result.rows, 'message')}, ${dayText(result.from)} to ${dayText(result.to)}`,
    ],
    ...(spend.estimated > 0 ? [['prices', priceSource(spend)] as [string, string]] : []),
    row('fraud', fraud.money.value, `  (90 % interval ${interval(fraud.money, currency)})`),
    row('  surely', fraud.surely),
    row('  probably', fraud.probably),
    row('  unclear', fraud.unclear),
    ...(anyFraud(result) && first !== undefined
      ? [['since', dayText(first)] as [string, string]]
      : []),
    ...(where.length > 0 ? [['where', where.join(', ')] as [string, string]] : []),
    ['trend', trend.sentence],
  ])
}

function incidentLines({ incidents, spend }: AuditResult): string[] {
  const attacks = incidents
    .filter(({ kind }) => kind === 'attack')
    .sort((a, b) => b.money.value - a.money.value)
  if (attacks.length === 0) return []
  const more = attacks.length - SHOWN
  return [
    '',
    ...columns(
      [
        left('incident'),
        left('from'),
        left('to'),
        right('messages'),
        right('fraud'),
        left('where'),
      ],
      attacks
        .slice(0, SHOWN)
        .map(({ id, onset, end, messages, money: { value }, countries }) => [
          id,
          dayText(onset),
          dayText(end),
          count(messages),
          money(value, spend.currency),
          countries.slice(0, 6).join(' '),
        ]),
    ),
    ...(more > 0 ? [`and ${more} more`] : []),
  ]
}

function savingLines({ wouldHaveSaved, spend }: AuditResult): string[] {
  const gate = wouldHaveSaved.filter(({ defence }) => defence === 'tollgate')
  const others = bestFirst(wouldHaveSaved).filter(
    ({ defence, saved }) => !defence.startsWith('tollgate') && saved > 0,
  )
  const shown = [...gate, ...others].slice(0, SHOWN)
  if (!shown.some(({ saved }) => saved > 0)) return []
  return [
    '',
    ...columns(
      [left('would have saved'), right('money'), right('of the fraud'), right('fine touched')],
      shown.map(({ title, saved, share, touched }) => [
        shortened(title, TITLE),
        money(saved, spend.currency),
        percent(share),
        percent(touched),
      ]),
    ),
  ]
}

/** What is not in the figures: rows by reason, then what is no row, such as an empty file or outcomes nobody got. */
function skippedLines({ skipped, duplicates }: AuditResult): string[] {
  const left = leftOut(skipped) + duplicates
  const isRow = ({ why, rows }: AuditResult['skipped'][number]): boolean =>
    rows > 0 && !why.startsWith('outcomes_')
  const reasons = skipped.filter(isRow).sort((a, b) => b.rows - a.rows)
  const why = [
    ...(duplicates > 0 ? [counted(duplicates, 'duplicate')] : []),
    ...reasons.slice(0, SHOWN).map(({ why, rows }) => `${count(rows)} ${why.replaceAll('_', ' ')}`),
  ]
  // a file cut off is one row, and nobody knows how much is missing
  const worst = reasons.find(({ why }) => why === 'truncated') ?? reasons[0]
  const lines = [
    ...(left > 0 ? [`${counted(left, 'row')} left out (${why.join(', ')})`] : []),
    ...(worst?.examples[0] === undefined ? [] : [`  first: ${worst.examples[0]}`]),
    ...skipped.flatMap((other) => (isRow(other) ? [] : other.examples.slice(0, 1))),
  ]
  return lines.length === 0 ? [] : ['', ...lines]
}

/** An audit on one screen. @param written files that were written, in words */
export const auditText = (result: AuditResult, written: readonly string[]): string[] =>
  [
    ...figures(result),
    ...incidentLines(result),
    ...savingLines(result),
    ...skippedLines(result),
    ...(written.length > 0 ? ['', ...written] : []),
  ].map((line) => line.replace(GAPS, ' '))
