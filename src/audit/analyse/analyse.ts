import { DAY, SECOND } from '../../engine/units.js'
import { loadNumbering } from '../../phone/numbering.js'
import type { AuditResult, RangeFinding } from '../audit-result.js'
import { type MessageLog, OUTCOME } from '../message-log.js'
import { certaintyOf } from './certainty.js'
import { dayTotals } from './day-totals.js'
import { describeIncident, deviationOf, estimate } from './describe-incident.js'
import { groupIncidents } from './group-incidents.js'
import { limitsOf } from './limits.js'
import { type PricingOptions, pricesOf, rateOf } from './message-prices.js'
import { priceMessages } from './money.js'
import { placeFindings } from './place-findings.js'
import { readPlaces } from './places.js'
import type { RangeTotals } from './range-findings.js'
import { searchEpisodes } from './search.js'
import { joinSessions } from './sessions.js'
import { timeOrder } from './time-order.js'
import { topNumbers } from './top-numbers.js'
import { groupTraffic, type Traffic } from './traffic.js'
import { trendOf } from './trend.js'
import { userBase } from './user-base.js'

/** An incident is told of an episode that is more likely an attack than not. */
const TOLD = 0.5
/** Ranges in the result, at most. */
const RANGES = 1_000

export interface AnalyseOptions extends PricingOptions {
  /** countries of the users, ISO 3166 alpha-2; empty: inferred from the steady part of the log */
  markets: readonly string[]
  /** ISO 4217 of the prices */
  currency: string
  /** told what is done, 0 to 1 */
  onProgress?: (done: number) => void
}

type Field =
  | 'rows'
  | 'from'
  | 'to'
  | 'markets'
  | 'masked'
  | 'segments'
  | 'spend'
  | 'fraud'
  | 'trend'
  | 'incidents'
  | 'countries'
  | 'operators'
  | 'ranges'
  | 'topNumbers'
  | 'limits'

/** What was pumped: the analytic part of an audit's result, and P(pumped) of every row. */
export interface Analysis extends Pick<AuditResult, Field> {
  /** share of messages whose outcome is known */
  outcomes: { known: boolean; share: number }
  /** the numbers behind `topNumbers`, whole, in its order: for pseudonyms alone */
  wholeNumbers: readonly number[]
  /** per row of the log: 0 fine, 1 unclear, 2 probably, 3 surely */
  certainty: Uint8Array
  /** per row of the log: P(pumped) */
  probability: Float32Array
  /** rows by time */
  order: Uint32Array
}

/** @throws RangeError of a log without a message */
export function analyse(log: MessageLog, options: AnalyseOptions): Analysis {
  const { markets, currency } = options
  const onProgress = (done: number): void => options.onProgress?.(done)
  const { size, columns } = log
  if (size === 0) throw new RangeError('the log has no message to analyse')
  const order = timeOrder(columns.at, size)
  onProgress(0.1)
  const sessions = joinSessions(columns, order)
  onProgress(0.2)
  const places = readPlaces(columns, size, loadNumbering())
  onProgress(0.35)
  const t = groupTraffic(columns, order, places, sessions)
  const rate = rateOf(currency, options)
  const prices = pricesOf(log, places, rate, options.list)
  const money = priceMessages(t, sessions, prices)
  onProgress(0.45)

  const declared = markets.length > 0
  const base = declared
    ? new Set(places.countries.flatMap((code, i) => (markets.includes(code) ? [i] : [])))
    : userBase(t)
  const episodes = searchEpisodes(t, base, (done) => onProgress(0.45 + 0.4 * done))

  const { certainty, probability, sums, value } = certaintyOf(t, sessions, money)
  onProgress(0.9)
  const told = episodes.filter((e) => e.kind === 'outage' || e.probability >= TOLD)
  const unsure = episodes.filter((e) => e.kind === 'attack' && e.probability < TOLD)
  const groups = groupIncidents(t, columns, told, unsure)
  const described = groups.map((group, i) => describeIncident(t, money, group, i + 1))
  const named = described.flatMap(({ ranges }) => ranges)
  const days = dayTotals(columns, t, money, probability, episodes)
  const fraud = estimate(value, deviationOf(episodes), money.total)

  const counted = countRows(log)
  const known = counted.known > 0
  const inMarket = places.countries.map((_, i) => (declared ? base.has(i) : null))
  const share = (x: number): number => (money.total > 0 ? x / money.total : 0)
  const at = (row: number | undefined): number => columns.at[row ?? 0] as number
  onProgress(0.95)
  const result: Analysis = {
    rows: size,
    from: new Date(at(order[0])).toISOString(),
    to: new Date(at(order[size - 1])).toISOString(),
    markets: {
      codes: declared ? [...markets] : [...base].map((i) => places.countries[i] ?? ''),
      declared,
    },
    outcomes: { known, share: counted.known / size },
    masked: counted.masked,
    segments: counted.segments,
    spend: {
      ...{ currency, total: money.total, estimated: money.estimated, listed: money.listed },
      priceList: prices.list.source,
    },
    fraud: {
      ...sums,
      ...{ money: fraud, share: share(value), low: share(fraud.low), high: share(fraud.high) },
    },
    trend: trendOf(days, t.epoch),
    incidents: described.map(({ incident }) => incident),
    ...placeFindings({ columns, t, money, inMarket, known }),
    ranges: rangesOf(named),
    ...topNumbers(columns, places, money, known),
    limits: limitsOf({
      ...{ outcomes: counted.known / size, estimated: money.estimated, rows: size, declared },
      ...{ listed: money.listed, priceList: prices.list.source, currency },
      ...{ masked: counted.masked, days: recordedDays(t, at(order[0]), at(order[size - 1])) },
      silences: silencesIn(t),
      ips: log.ips.length > 1,
      currencyNamed: log.billedIn !== '',
      rateKnown: rate !== null,
    }),
    ...{ certainty, probability, order },
  }
  onProgress(1)
  return result
}

/** Days from the first to the last message, without those of silences. */
const recordedDays = ({ silence, days }: Traffic, first: number, last: number): number =>
  Math.ceil((last - first - (silence[days] as number) * SECOND) / DAY)

/** First and last day of each silence, `YYYY-MM-DD`. */
function silencesIn({ silent, epoch }: Traffic): [from: string, to: string][] {
  const found: [string, string][] = []
  const date = (day: number): string => new Date(epoch + day * DAY).toISOString().slice(0, 10)
  for (let day = 0; day < silent.length; day++) {
    if (silent[day] === 0) continue
    const end = silent.indexOf(0, day)
    found.push([date(day), date(end - 1)])
    day = end
  }
  return found
}

function countRows({ size, columns }: MessageLog) {
  let known = 0
  let masked = 0
  let segments = 0
  for (let row = 0; row < size; row++) {
    if (columns.outcome[row] !== OUTCOME.unknown) known++
    if ((columns.masked[row] as number) > 0) masked++
    segments += columns.segments[row] as number
  }
  return { known, masked, segments }
}

/** Where most was pumped, every range once. */
function rangesOf(ranges: readonly RangeTotals[]): RangeFinding[] {
  const found = new Map<string, RangeFinding>()
  for (const { episode, ...range } of ranges) {
    if (episode.kind === 'outage') continue
    const key = `${range.level} ${range.key}`
    const before = found.get(key)
    if (before === undefined) {
      found.set(key, range)
      continue
    }
    before.messages += range.messages
    before.spend += range.spend
    before.fraud += range.fraud
    before.verified = add(before.verified, range.verified)
    before.expected = add(before.expected, range.expected)
  }
  return [...found.values()].sort((a, b) => b.fraud - a.fraud).slice(0, RANGES)
}

const add = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a + b
