import { DAY, HOUR, MINUTE } from '../engine/units.js'
import type { ConsoleStore } from '../ledger/console-port.js'
import { type CountriesSeen, countriesSeen } from './countries-seen.js'
import { serviceSums } from './service-sums.js'
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
import type { UsualPeak } from './usual-peak.js'
import type { UsualPeaks } from './usual-peaks.js'

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
/** Services that are shown by themselves; the rules of alerts watch all. */
const MOST_SERVICES = 50
const ENTRY_MINUTES = ENTRY_MS / MINUTE
/** Minutes read: the longest window now, and where something is wrong at the oldest minute that is followed. */
const WINDOW_MINUTES = HOUR_MINUTES + ENTRY_MINUTES
const FOLLOWED_MINUTES = FOLLOWED + WINDOW_MINUTES

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
  minutes: Sliding,
  usual: UsualPeak | null,
): SignalReading[] {
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

/** Services with traffic of the last day: first those of this hour and the one before, most that came to nothing first. */
async function watchedServices(
  ledger: Pick<ConsoleStore, 'top'>,
  now: number,
): Promise<(string | null)[]> {
  const hour = Math.floor(now / HOUR) * HOUR
  const since = (from: number) => serviceSums(ledger, { period: 'hour', from, to: now })
  const [late, day] = await Promise.all([since(hour - HOUR), since(hour - DAY + HOUR)])
  const troubled = late.sort((a, b) => b.requests - b.verified - (a.requests - a.verified))
  const names = new Set([...troubled, ...day].map(({ service }) => service))
  return names.size > 0 ? [...names].slice(0, MOST_SERVICES) : [null]
}

/** The five core signals: of each service that has traffic by itself; where none has, of all together. */
export async function coreSignals(
  ledger: Pick<ConsoleStore, 'series' | 'top'>,
  peaks: UsualPeaks,
  now: number,
): Promise<SignalReading[]> {
  const minute = { period: 'minute', dimension: 'all', keys: [''], parent: '' } as const
  const within = async (service: string | null, minutes: number): Promise<SignalReading[]> => {
    const from = Math.floor(now / MINUTE) * MINUTE - minutes * MINUTE
    const of = service === null ? {} : { service }
    const points = await ledger.series({ ...minute, ...of, from, to: now })
    return serviceSignals(
      service,
      slidingOf(points, now, minutes),
      peaks.get(service ?? '') ?? null,
    )
  }
  const ofService = async (service: string | null): Promise<SignalReading[]> => {
    const signals = await within(service, WINDOW_MINUTES)
    const isWell = signals.every(({ state }) => RANK[state] === 0)
    return isWell ? signals : within(service, FOLLOWED_MINUTES)
  }
  const [each, countries, cluster] = await Promise.all([
    watchedServices(ledger, now).then((watched) => Promise.all(watched.map(ofService))),
    countriesSeen(ledger, now),
    clusterReading(ledger, now),
  ])
  return [...each.flat(), countrySignal(countries), cluster]
}
