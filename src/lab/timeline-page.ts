import type { Incident } from '../engine/detect/change.js'
import { usd } from '../engine/money.js'
import { draw } from './bench/draw.js'
import type { ReplayScore, Side, Sides } from './score.js'
import type { TimelineData } from './timeline.js'
import { timelineCharts } from './timeline-charts.js'
import { escaped, page, section, table } from './timeline-html.js'

export interface TimelinePage {
  /** file of the traffic and rules it was run through */
  title: string
  score: ReplayScore
  incidents: readonly Incident[]
  timeline: TimelineData
}

const MINUTE_OF_ISO = 16
/** Ranges of one incident that the table names; the rest are counted. */
const NAMED = 4
/** Countries in the table. */
const COUNTRIES = 25

/** `2026-11-21 14:03`, UTC. */
export const minuteText = (at: number | null): string =>
  at === null ? '' : new Date(at).toISOString().slice(0, MINUTE_OF_ISO).replace('T', ' ')

const count = (n: number): string => n.toLocaleString('en')

export const SIDE_TITLES = ['requests', 'sent', 'money', 'challenged', 'denied', 'lost'] as const
export const sideCells = (side: Side): string[] => [
  count(side.requests),
  count(side.sent),
  usd(side.sentMicroUsd),
  count(side.challenged),
  count(side.denied),
  count(side.lost),
]

/** Everybody, and where there are labels each side of them. */
export const sidesOf = ({ all, legit, attack }: Sides): [name: string, side: Side][] => [
  ['all', all],
  ...(legit === undefined ? [] : [['legitimate', legit] as [string, Side]]),
  ...(attack === undefined ? [] : [['attack', attack] as [string, Side]]),
]

/** The first ranges of an incident by name, and how many more there are. */
export function rangesText({ ranges, countries }: Incident): string {
  if (ranges.length === 0) return `routes to ${countries.join(', ')}`
  const named = ranges.slice(0, NAMED).map(({ level, key }) => `${level} ${key}`)
  const more = ranges.length - named.length
  return more > 0 ? `${named.join(', ')} and ${count(more)} more` : named.join(', ')
}

const incidentTable = (incidents: readonly Incident[]): string =>
  incidents.length === 0
    ? '<p>None was opened.</p>'
    : table(
        ['kind', 'countries', 'ranges', 'opened', 'contained', 'closed', 'lost', 'saved'],
        incidents.map((incident) => [
          incident.kind,
          incident.countries.join(', '),
          rangesText(incident),
          minuteText(incident.openedAt),
          minuteText(incident.containedAt),
          minuteText(incident.closedAt),
          usd(incident.lostMicroUsd),
          usd(incident.savedMicroUsd),
        ]),
        3,
      )

/** Rows of days or countries: everybody, and the attack's share in the money where there are labels. */
function bySides(name: string, rows: readonly (readonly [string, Sides])[]): string {
  const labelled = rows.some(([, { attack }]) => attack !== undefined)
  return table(
    [name, ...SIDE_TITLES, ...(labelled ? ['attack money', 'legitimate lost'] : [])],
    rows.map(([key, { all, legit, attack }]) => [
      key,
      ...sideCells(all),
      ...(labelled ? [usd(attack?.sentMicroUsd ?? 0), count(legit?.lost ?? 0)] : []),
    ]),
  )
}

/**
 * Loads what charts are drawn with, and adds what shades incidents. Called before a long replay, so that nobody waits for
 * a page that cannot be written. @throws Error where ECharts is not installed
 */
export async function loadCharts(): Promise<void> {
  const [core, { MarkAreaComponent }] = await Promise.all([
    import('echarts/core'),
    import('echarts/components'),
  ]).catch((cause: unknown) => {
    throw new Error('a timeline needs the optional package echarts: npm install echarts', { cause })
  })
  core.use([MarkAreaComponent])
}

/** A replay as one static page. @throws Error where ECharts is not installed */
export async function timelinePage(input: TimelinePage): Promise<string> {
  const { title, score, incidents, timeline } = input
  const figures: string[] = []
  await loadCharts()
  for (const chart of timelineCharts(timeline, incidents)) {
    figures.push(
      `<figure><h2>${escaped(chart.title)}</h2>${await draw(chart)}<figcaption>${escaped(chart.caption)}</figcaption></figure>`,
    )
  }
  const reasons = Object.entries(score.byReason).sort(([, a], [, b]) => b - a)
  const span = `${minuteText(score.from)} to ${minuteText(score.to)} UTC`
  return page(title, `${count(score.rows)} rows, ${span}`, [
    table(
      ['', ...SIDE_TITLES],
      sidesOf(score).map(([name, side]) => [name, ...sideCells(side)]),
    ),
    ...figures,
    section('Incidents', incidentTable(incidents)),
    section(
      'Ranges that cost most for codes nobody enters',
      table(
        ['block', 'country', 'requests', 'sent', 'money', 'verified', 'refused'],
        timeline.ranges.map((r) => [
          r.block,
          r.country,
          count(r.requests),
          count(r.sent),
          usd(r.sentMicroUsd),
          count(r.verified),
          count(r.refused),
        ]),
        2,
      ),
    ),
    section(
      'Days',
      bySides(
        'day',
        score.byDay.map((row) => [row.day, row] as const),
      ),
    ),
    section(
      'Countries',
      bySides(
        'country',
        score.byCountry.slice(0, COUNTRIES).map((row) => [row.country || 'none', row] as const),
      ),
    ),
    section(
      'Reasons given',
      table(
        ['reason', 'requests'],
        reasons.map(([code, n]) => [code, count(n)]),
      ),
    ),
  ])
}
