import type { AuditResult, Estimate, Period, PlaceFinding, RangeFinding } from '../audit-result.js'
import { type Cell, csvText } from './csv.js'

const ESTIMATE = ['fraud', 'fraud_low', 'fraud_high'] as const
const estimate = ({ value, low, high }: Estimate): Cell[] => [value, low, high]

const trend = (periods: readonly Period[]): string =>
  csvText(
    ['from', 'messages', 'spend', ...ESTIMATE, 'share'],
    periods.map(({ from, messages, spend, fraud, share }) => [
      ...[from, messages, spend],
      ...estimate(fraud),
      share,
    ]),
  )

const RANGE = [
  'level',
  'key',
  'country',
  'operator',
  'messages',
  'spend',
  'fraud',
  'verified',
  'expected',
] as const
const range = (r: RangeFinding): Cell[] => RANGE.map((field) => r[field])

const PLACE = [
  'key',
  'name',
  'country',
  'market',
  'messages',
  'spend',
  'fraud',
  'failed',
  'verified',
] as const
const places = (found: readonly PlaceFinding[]): string =>
  csvText(
    PLACE,
    found.map((place) => PLACE.map((field) => place[field])),
  )

const SAVING = ['defence', 'title', 'saved', 'share', 'touched', 'refused', 'source'] as const
const COST = ['name', 'title', 'total', 'perVerified', 'assumption'] as const

/** The tables of a result, whole: file names and what is in them. Money in the log's currency, times UTC. */
export function csvFiles(result: AuditResult): Map<string, string> {
  const { fraud, spend, incidents } = result
  const summary: [string, Cell][] = [
    ['from', result.from],
    ['to', result.to],
    ['messages', result.rows],
    ['currency', spend.currency],
    ['spend', spend.total],
    ['fraud', fraud.money.value],
    ['fraud_low', fraud.money.low],
    ['fraud_high', fraud.money.high],
    ['share', fraud.share],
    ['share_low', fraud.low],
    ['share_high', fraud.high],
    ['surely', fraud.surely],
    ['probably', fraud.probably],
    ['unclear', fraud.unclear],
    ['fine', fraud.fine],
  ]
  return new Map([
    ['summary.csv', csvText(['figure', 'value'], summary)],
    ['trend-day.csv', trend(result.trend.day)],
    ['trend-week.csv', trend(result.trend.week)],
    ['trend-month.csv', trend(result.trend.month)],
    [
      'incidents.csv',
      csvText(
        [
          'id',
          'kind',
          'onset',
          'peak',
          'end',
          'countries',
          'messages',
          'spend',
          ...ESTIMATE,
          'because',
        ],
        incidents.map((i) => [
          ...[i.id, i.kind, i.onset, i.peak, i.end, i.countries.join(' '), i.messages, i.spend],
          ...estimate(i.money),
          i.because.join('; '),
        ]),
      ),
    ],
    [
      'incident-ranges.csv',
      csvText(
        ['incident', ...RANGE],
        incidents.flatMap(({ id, ranges }) => ranges.map((r) => [id, ...range(r)])),
      ),
    ],
    [
      'incident-timelines.csv',
      csvText(
        ['incident', 'at', 'messages', 'spend', 'verified'],
        incidents.flatMap(({ id, timeline }) =>
          timeline.map(({ at, messages, spend, verified }) => [id, at, messages, spend, verified]),
        ),
      ),
    ],
    ['countries.csv', places(result.countries)],
    ['operators.csv', places(result.operators)],
    ['ranges.csv', csvText(RANGE, result.ranges.map(range))],
    [
      'top-numbers.csv',
      csvText(
        ['number', 'country', 'messages', 'spend', 'verified'],
        result.topNumbers.map((n) => [n.number, n.country, n.messages, n.spend, n.verified]),
      ),
    ],
    [
      'defences.csv',
      csvText(
        SAVING,
        result.wouldHaveSaved.map((saving) => SAVING.map((field) => saving[field])),
      ),
    ],
    [
      'costs.csv',
      csvText(
        COST,
        result.costs.models.map((model) => COST.map((field) => model[field])),
      ),
    ],
    [
      'skipped.csv',
      csvText(
        ['why', 'rows', 'example'],
        result.skipped.flatMap(({ why, rows, examples }) =>
          (examples.length === 0 ? [''] : examples).map((example): Cell[] => [why, rows, example]),
        ),
      ),
    ],
    ['policy.yaml', result.policy],
  ])
}
