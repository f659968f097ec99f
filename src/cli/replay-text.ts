import type { Incident } from '../engine/detect/change.js'
import type { Comparison, Difference } from '../lab/replay-compare.js'
import type { ReplayScore, Side, Sides } from '../lab/score.js'
import { minuteText, rangesText, SIDE_TITLES, sideCells, sidesOf } from '../lab/timeline-page.js'
import { type Column, columns, pairs } from './columns.js'
import { duration } from './duration.js'
import { usd } from './money.js'

/** Countries and reasons shown; --json has them all. */
const SHOWN = 10

const right = (title: string): Column => ({ title, align: 'right' })
const left = (title: string): Column => ({ title })
const count = (n: number): string => n.toLocaleString('en')
const share = (part: number, whole: number): string =>
  whole === 0 ? '' : ` ${((100 * part) / whole).toFixed(2)} %`

const withShares = (side: Side): string[] => {
  const [requests = '', sent, money = '', challenged = '', denied = '', lost] = sideCells(side)
  return [
    requests,
    `${sent}${share(side.sent, side.requests)}`,
    money,
    challenged,
    denied,
    `${lost}${share(side.lost, side.requests)}`,
  ]
}

function bySides(title: string, rows: readonly (readonly [string, Sides])[]): string[] {
  const labelled = rows.some(([, { attack }]) => attack !== undefined)
  return columns(
    [
      left(title),
      ...SIDE_TITLES.map(right),
      ...(labelled ? [right('attack money'), right('legit lost')] : []),
    ],
    rows.map(([key, { all, legit, attack }]) => [
      key,
      ...sideCells(all),
      ...(labelled ? [usd(attack?.sentMicroUsd ?? 0), count(legit?.lost ?? 0)] : []),
    ]),
  )
}

const reasonLines = (reasons: readonly (readonly [string, number])[]): string[] =>
  pairs(reasons.slice(0, SHOWN).map(([code, n]) => [`  ${code}`, count(n)] as const))

const incidentLines = (incidents: readonly Incident[]): string[] =>
  columns(
    [
      left('incident'),
      left('opened'),
      left('contained'),
      left('closed'),
      right('lost'),
      right('saved'),
      left('where'),
    ],
    incidents.map((incident) => [
      incident.kind,
      minuteText(incident.openedAt),
      minuteText(incident.containedAt) || 'not yet',
      minuteText(incident.closedAt) || 'not yet',
      usd(incident.lostMicroUsd),
      usd(incident.savedMicroUsd),
      rangesText(incident),
    ]),
  )

const headOf = ({ rows, skipped, from, to }: ReplayScore, tookMs: number): string => {
  const span = from === null || to === null ? '' : ` over ${duration(to - from)}`
  return `${count(rows)} rows${span}, replayed in ${duration(tookMs)}; ${count(skipped)} retries skipped, their first try was verified`
}

export interface Replayed {
  score: ReplayScore
  incidents: readonly Incident[]
  tookMs: number
  /** lines about files that were written */
  written: readonly string[]
}

export function replayText({ score, incidents, tookMs, written }: Replayed): string[] {
  const { byReason, byDay, byCountry } = score
  const reasons = Object.entries(byReason).sort(([, a], [, b]) => b - a)
  return [
    headOf(score, tookMs),
    '',
    ...columns(
      [left(''), ...SIDE_TITLES.map(right)],
      sidesOf(score).map(([name, side]) => [name, ...withShares(side)]),
    ),
    '',
    ...(reasons.length === 0
      ? ['No rule spoke against any request.']
      : ['Reasons given:', ...reasonLines(reasons)]),
    ...(byDay.length < 2
      ? []
      : [
          '',
          ...bySides(
            'day',
            byDay.map((row) => [row.day, row] as const),
          ),
        ]),
    '',
    ...bySides(
      'country',
      byCountry.slice(0, SHOWN).map((row) => [row.country || 'none', row] as const),
    ),
    ...(byCountry.length > SHOWN ? [`and ${byCountry.length - SHOWN} more countries`] : []),
    ...(incidents.length === 0 ? [] : ['', ...incidentLines(incidents)]),
    ...(written.length === 0 ? [] : ['', ...written]),
  ]
}

const signed = (microUsd: number): string =>
  `${microUsd < 0 ? '-' : microUsd > 0 ? '+' : ''}${usd(Math.abs(microUsd))}`

function differenceLines(differences: readonly Difference[]): string[] {
  const labelled = differences.some(({ legit }) => legit !== undefined)
  return columns(
    [
      left('verdicts that differ'),
      right('requests'),
      ...(labelled ? [right('legit'), right('attack')] : []),
      right('money'),
    ],
    differences.map(({ first, second, requests, legit = 0, attack = 0, moreMicroUsd }) => [
      `${first} -> ${second}`,
      count(requests),
      ...(labelled ? [count(legit), count(attack)] : []),
      signed(moreMicroUsd),
    ]),
  )
}

/** @param names of the two policies, as they stand in the table */
export function compareText(
  { first, second, changed, differences, reasons }: Comparison,
  names: readonly [string, string],
  tookMs: number,
): string[] {
  const [one, two] = names
  const seconds = new Map(sidesOf(second))
  const said = (name: string, list: readonly (readonly [string, number])[]): string[] =>
    list.length === 0 ? [] : ['', `Said by ${name} only, where they differ:`, ...reasonLines(list)]
  return [
    headOf(first, tookMs),
    '',
    ...columns(
      [left(''), left('policy'), ...SIDE_TITLES.map(right)],
      sidesOf(first).flatMap(([name, side]) => {
        const other = seconds.get(name)
        return [
          [name, one, ...withShares(side)],
          ...(other === undefined ? [] : [['', two, ...withShares(other)]]),
        ]
      }),
    ),
    '',
    ...(changed === 0
      ? ['Both answer every request alike.']
      : [
          `${count(changed)} requests${share(changed, first.all.requests)} are answered differently (${one} -> ${two}):`,
          '',
          ...differenceLines(differences),
        ]),
    ...said(one, reasons.first),
    ...said(two, reasons.second),
  ]
}
