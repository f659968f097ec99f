import { DAY, HOUR } from '../engine/units.js'
import type { ConsoleStore, RollupPoint, RollupSum, Tally } from '../ledger/console-port.js'
import { courseOf, flowOf, type NowSpan, type NowWindow, nowWindow } from './overview.js'
import { serviceSums } from './service-sums.js'
import { againstUsual, SIGNAL_LEVELS } from './signals.js'
import { conversionOf, emptyTally, sumOf } from './tally.js'

/** Countries with a course of their own, and countries at all (there are 250). */
const SHOWN = 12
const ALL = 300
/** Days that say what is usual. */
const USUAL_DAYS = 28

type Store = Pick<ConsoleStore, 'series' | 'top'>

/** What passes the gate now, all of it and by country, out of the roll-ups. */
export async function readFlow(ledger: Store, span: NowSpan, now: number) {
  const window = nowWindow(span, now)
  const { period, from, to, settledFrom, settledTo, beforeFrom, courseFrom, bucketMs } = window
  const shift = from - settledFrom
  const [points, byCountry, settledByCountry] = await Promise.all([
    ledger.series({
      ...{ period, dimension: 'all' },
      from: Math.min(courseFrom, beforeFrom - shift),
      to,
    }),
    ledger.top({ period, dimension: 'country', from, to }, 'requests', ALL),
    ledger.top({ period, dimension: 'country', from: settledFrom, to: settledTo }, 'requests', ALL),
  ])
  const between = (a: number, b: number) => sumOf(points.filter(({ at }) => at >= a && at < b))
  const course = <T extends keyof Tally>(name: T) => courseOf(points, window, (row) => row[name])
  const [requests, sends, verified] = [course('requests'), course('sends'), course('verified')]
  // verdicts would count twice what monitor mode sent against its own advice
  const refused = courseOf(points, window, (row) => row.requests - row.sends)
  return {
    from,
    courseFrom,
    bucketMs,
    flow: flowOf(between(from, to + 1), between(settledFrom, settledTo)),
    before: flowOf(between(beforeFrom, from), between(beforeFrom - shift, from - shift)),
    course: requests.map((count, i) => ({
      at: courseFrom + i * bucketMs,
      requests: count,
      sends: sends[i] ?? 0,
      verified: verified[i] ?? 0,
      refused: refused[i] ?? 0,
    })),
    ...(await readCountries(ledger, window, byCountry, settledByCountry)),
  }
}

async function readCountries(
  ledger: Store,
  window: NowWindow,
  sums: readonly RollupSum[],
  settled: readonly RollupSum[],
) {
  const named = sums.filter(({ key }) => key !== '')
  const keys = named.map(({ key }) => key)
  if (keys.length === 0) return { countries: [], others: [] }
  const shown = keys.slice(0, SHOWN)
  const today = Math.floor(window.from / DAY) * DAY
  const [days, points] = await Promise.all([
    ledger.top(
      {
        ...{ period: 'day', dimension: 'country', keys },
        from: today - USUAL_DAYS * DAY,
        to: today,
      },
      'sends',
      keys.length,
    ),
    ledger.series({
      ...{ period: window.period, dimension: 'country', keys: shown },
      from: window.courseFrom,
      to: window.to,
    }),
  ])
  const usual = new Map(days.map((sum) => [sum.key, sum]))
  const answered = new Map(settled.map((sum) => [sum.key, sum]))
  const of = (sum: RollupSum) => {
    const of28 = usual.get(sum.key)
    const share =
      of28 !== undefined && of28.sends >= SIGNAL_LEVELS.conversionSends ? conversionOf(of28) : null
    const ripe = answered.get(sum.key) ?? emptyTally()
    const { challenged, held, denied, ...flow } = flowOf(sum, ripe)
    return { code: sum.key, ...flow, usual: share, against: againstUsual(ripe, share) }
  }
  const course = (key: string, value: (row: RollupPoint) => number) =>
    courseOf(
      points.filter((point) => point.key === key),
      window,
      value,
    )
  return {
    countries: named.slice(0, SHOWN).map((sum) => ({
      ...of(sum),
      sendsBy: course(sum.key, ({ sends }) => sends),
      verifiedBy: course(sum.key, ({ verified }) => verified),
    })),
    others: named.slice(SHOWN).map(of),
  }
}

/** Spend of the last 24 hours by service, without what was verified: wasted, and still open. Micro-USD. */
export async function unverifiedDay(
  ledger: Pick<ConsoleStore, 'top'>,
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const from = (Math.floor(now / HOUR) + 1) * HOUR - DAY
  const sums = await serviceSums(ledger, { period: 'hour', from, to: now })
  return new Map(
    sums.map(({ service, spendMicroUsd, verifiedMicroUsd }) => [
      service,
      spendMicroUsd - verifiedMicroUsd,
    ]),
  )
}
