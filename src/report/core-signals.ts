import { DAY, HOUR, MINUTE } from '../engine/units.js'
import type { ConsoleStore, RollupPoint } from '../ledger/console-port.js'
import { type CountriesSeen, countriesSeen } from './countries-seen.js'
import {
  burstSignal,
  clusterSignal,
  conversionSignal,
  ENTRY_MS,
  failingSignal,
  newCountries,
  type Signal,
  type SignalState,
} from './signals.js'
import { type Sliding, slidingOf } from './sliding.js'
import { USUAL_DAYS, usualPeak } from './usual-peak.js'

/** The five core signals; conversion by two windows. */
const CORE_SIGNALS = [
  'burst',
  'conversion15',
  'conversion60',
  'country',
  'cluster',
  'failing',
] as const
export type CoreSignal = (typeof CORE_SIGNALS)[number]

export interface SignalReading extends Signal {
  id: CoreSignal
  /** `null`: of all services together */
  service: string | null
  /** since when it has been so without a break, Unix ms; `null` while it is fine or quiet */
  since: number | null
  /** what it is about: countries, an address, a device */
  about: string[]
}

/** How far back a state is followed, minutes. */
const FOLLOWED = 180
const HOUR_MINUTES = 60
/** Services that are watched by themselves. */
const MOST_SERVICES = 50
const ENTRY_MINUTES = ENTRY_MS / MINUTE
/** Minutes read: the longest window at the oldest minute that is followed. */
const READ_MINUTES = FOLLOWED + HOUR_MINUTES + ENTRY_MINUTES

const RANK: Record<SignalState, number> = { quiet: 0, fine: 0, watch: 1, alarm: 2 }

/** A signal now, and the first minute from which on it was at least as bad without a break. */
function followed(
  minutes: Sliding,
  of: (end: number) => Signal,
): Signal & { since: number | null } {
  const end = minutes.length - 1
  const now = of(end)
  if (RANK[now.state] === 0) return { ...now, since: null }
  let first = end
  while (first > end - FOLLOWED && RANK[of(first - 1).state] >= RANK[now.state]) first -= 1
  return { ...now, since: minutes.at(first) }
}

function serviceSignals(
  service: string | null,
  points: readonly RollupPoint[],
  hours: readonly RollupPoint[],
  now: number,
): SignalReading[] {
  const minutes = slidingOf(points, now, READ_MINUTES)
  const usual = usualPeak(hours, now)
  const conversion = (window: number) => (end: number) =>
    conversionSignal({
      sends: minutes.sum('sends', end - ENTRY_MINUTES, window),
      verified: minutes.sum('verified', end - ENTRY_MINUTES, window),
    })
  const of = (id: CoreSignal, signal: (end: number) => Signal): SignalReading => ({
    ...{ id, service, about: [] },
    ...followed(minutes, signal),
  })
  return [
    of('burst', (end) => burstSignal(minutes.sum('requests', end, 5), usual)),
    of('conversion15', conversion(15)),
    of('conversion60', conversion(HOUR_MINUTES)),
    of('failing', (end) =>
      failingSignal({
        sends: minutes.sum('sends', end, HOUR_MINUTES),
        failed: minutes.sum('failed', end, HOUR_MINUTES),
      }),
    ),
  ]
}

/** Countries that were not seen in thirty days before, as a signal: each is one too many. */
function countrySignal({ recent, before }: CountriesSeen): SignalReading {
  const found = newCountries(recent, before)
  const known = recent.length > 0 && before !== null
  return {
    ...{ id: 'country', service: null, since: null, threshold: 1 },
    state: !known ? 'quiet' : found.length > 0 ? 'alarm' : 'fine',
    value: known ? found.length : null,
    count: recent.reduce((sum, { requests }) => sum + requests, 0),
    about: found.map(({ country }) => country),
  }
}

/** The address or device that asks most, of the hour that runs and the one before. */
async function clusterReading(
  ledger: Pick<ConsoleStore, 'series' | 'top'>,
  now: number,
): Promise<SignalReading> {
  const from = Math.floor(now / HOUR) * HOUR - HOUR
  const span = { period: 'hour' as const, from, to: now }
  const [all, ip, device] = await Promise.all([
    ledger.series({ ...span, dimension: 'all' }),
    ledger.top({ ...span, dimension: 'ip' }, 'requests', 1),
    ledger.top({ ...span, dimension: 'device' }, 'requests', 1),
  ])
  const requests = all.reduce((sum, point) => sum + point.requests, 0)
  const [largest] = [...ip, ...device].sort((a, b) => b.requests - a.requests)
  const signal = clusterSignal(largest?.requests ?? 0, requests)
  const told = largest !== undefined && RANK[signal.state] > 0
  return {
    ...{ id: 'cluster', service: null, since: null },
    ...signal,
    about: told ? [largest.key] : [],
  }
}

/**
 * The five core signals: of each service by itself, and of all together.
 * @param services those that are watched; of none by name, all together are
 */
export async function coreSignals(
  ledger: Pick<ConsoleStore, 'series' | 'top'>,
  services: readonly string[],
  now: number,
): Promise<SignalReading[]> {
  const hourStart = Math.floor(now / HOUR) * HOUR
  const watched = services.length > 0 ? services.slice(0, MOST_SERVICES) : [null]
  const [each, countries, cluster] = await Promise.all([
    Promise.all(
      watched.map(async (service) => {
        const all = { dimension: 'all' as const, to: now, ...(service !== null && { service }) }
        const [minutes, hours] = await Promise.all([
          ledger.series({
            ...{ ...all, period: 'minute' },
            from: Math.floor(now / MINUTE) * MINUTE - READ_MINUTES * MINUTE,
          }),
          ledger.series({ ...all, period: 'hour', from: hourStart - USUAL_DAYS * DAY }),
        ])
        return serviceSignals(service, minutes, hours, now)
      }),
    ),
    countriesSeen(ledger, now),
    clusterReading(ledger, now),
  ])
  return [...each.flat(), countrySignal(countries), cluster]
}
