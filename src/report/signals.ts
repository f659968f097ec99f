import type { Tally } from '../ledger/console-port.js'
import { conversionOf } from './tally.js'
import type { UsualPeak } from './usual-peak.js'

/** `quiet`: too little happened to tell anything. */
export type SignalState = 'quiet' | 'fine' | 'watch' | 'alarm'

/** One core signal as it stands. `value` and `threshold` are of one unit. */
export interface Signal {
  state: SignalState
  value: number | null
  /** from where on it alarms (below it for conversion); `null` while nothing is usual yet */
  threshold: number | null
  /** what it is reckoned from: requests, sends or numbers */
  count: number
}

/**
 * Levels of the five core signals. Conversion below 30 % alarms and 60 to 85 % is healthy, volume over twice the usual
 * peak in five minutes alarms: the guide values that providers of verification publish.
 */
export const SIGNAL_LEVELS = {
  /** times the usual peak of five minutes */
  burst: 2,
  /** requests in five minutes below which no burst alarms */
  burstRequests: 20,
  /** shares of sends */
  conversion: 0.3,
  conversionHealthy: 0.6,
  /** sends below which conversion is not judged */
  conversionSends: 20,
  /** requests to a country that was not seen in 30 days */
  newCountryRequests: 3,
  /** share of the requests of an hour that come from one address or device */
  cluster: 0.2,
  clusterRequests: 20,
  /** share of the sends of an hour that were not delivered */
  failing: 0.2,
  failingSends: 20,
} as const
export type SignalLevels = { [name in keyof typeof SIGNAL_LEVELS]: number }

/** Time that people get to enter a code before its send is held against a service, ms. */
export const ENTRY_MS = 2 * 60_000

const quiet = (count: number, threshold: number | null): Signal => ({
  state: 'quiet',
  value: null,
  threshold,
  count,
})

/** Requests of the last five minutes against the usual peak of five minutes. */
export function burstSignal(
  requests: number,
  usual: UsualPeak | null,
  levels: SignalLevels = SIGNAL_LEVELS,
): Signal {
  if (usual === null) return { ...quiet(requests, null), value: requests }
  const threshold = Math.max(levels.burst * usual.fiveMinutes, levels.burstRequests)
  const state =
    requests > threshold ? 'alarm' : requests > usual.fiveMinutes * 1.2 + 5 ? 'watch' : 'fine'
  return { state, value: requests, threshold, count: requests }
}

/** Verified sends over sends. The window should end `ENTRY_MS` ago: a code that went out just now cannot be back. */
export function conversionSignal(
  tally: Pick<Tally, 'sends' | 'verified'>,
  levels: SignalLevels = SIGNAL_LEVELS,
): Signal {
  const value = conversionOf(tally)
  if (value === null || tally.sends < levels.conversionSends)
    return { ...quiet(tally.sends, levels.conversion), value }
  const state =
    value < levels.conversion ? 'alarm' : value < levels.conversionHealthy ? 'watch' : 'fine'
  return { state, value, threshold: levels.conversion, count: tally.sends }
}

/**
 * Countries of the last hours that were not seen before.
 * @param recent requests by country @param before countries of the 30 days before; `null` while less than a week is known
 */
export function newCountries(
  recent: readonly { key: string; requests: number }[],
  before: ReadonlySet<string> | null,
  levels: SignalLevels = SIGNAL_LEVELS,
): { country: string; requests: number }[] {
  if (before === null) return []
  return recent
    .filter(
      ({ key, requests }) =>
        key !== '' && requests >= levels.newCountryRequests && !before.has(key),
    )
    .map(({ key, requests }) => ({ country: key, requests }))
}

/** The largest share of requests that one address or one device has. */
export function clusterSignal(
  largest: number,
  requests: number,
  levels: SignalLevels = SIGNAL_LEVELS,
): Signal {
  if (requests < levels.clusterRequests) return quiet(requests, levels.cluster)
  const value = largest / requests
  const state = value >= levels.cluster ? 'alarm' : value >= levels.cluster / 2 ? 'watch' : 'fine'
  return { state, value, threshold: levels.cluster, count: requests }
}

/** Share of sends that were not delivered: ranges that no subscriber holds, or a provider in trouble. */
export function failingSignal(
  { sends, failed }: Pick<Tally, 'sends' | 'failed'>,
  levels: SignalLevels = SIGNAL_LEVELS,
): Signal {
  if (sends < levels.failingSends) return quiet(sends, levels.failing)
  const value = failed / sends
  const state = value >= levels.failing ? 'alarm' : value >= levels.failing / 2 ? 'watch' : 'fine'
  return { state, value, threshold: levels.failing, count: sends }
}

/** Standard errors below the usual that are watched, and that alarm: chance alone goes so far in 1 of 44, and of 740. */
const WATCHED = 2
const ALARMING = 3

/**
 * Conversion against what is usual for the place, by what chance allows for so many sends.
 * @param usual share of the days before; `null` where nothing is usual yet: then the level for all holds
 */
export function againstUsual(
  { sends, verified }: Pick<Tally, 'sends' | 'verified'>,
  usual: number | null,
): SignalState {
  if (sends < SIGNAL_LEVELS.conversionSends) return 'quiet'
  const share = verified / sends
  if (usual === null)
    return share < SIGNAL_LEVELS.conversion
      ? 'alarm'
      : share < SIGNAL_LEVELS.conversionHealthy
        ? 'watch'
        : 'fine'
  const error = Math.sqrt((usual * (1 - usual)) / sends)
  const below = usual - share
  return below > ALARMING * error ? 'alarm' : below > WATCHED * error ? 'watch' : 'fine'
}
