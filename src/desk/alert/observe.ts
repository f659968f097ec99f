import { periodNumber } from '../../engine/calendar.js'
import type { Mode } from '../../engine/decision.js'
import type { SpendCap } from '../../engine/policy.js'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import type { RollupFilter, Tally } from '../../ledger/console-port.js'
import { countriesSeen } from '../../report/countries-seen.js'
import { forecastSpend, HISTORY_DAYS } from '../../report/forecast.js'
import { serviceSums } from '../../report/service-sums.js'
import { ENTRY_MS } from '../../report/signals.js'
import { emptyTally, sumOf } from '../../report/tally.js'
import type { ReadPeaks } from '../../report/usual-peaks.js'
import type { DeskParts } from '../parts.js'
import type { CapView, Observation, ServiceView } from './evaluate.js'

/** Services of which it is told at once where their codes are missing. */
const MOST_EXPLAINED = 20

interface Read extends Pick<DeskParts, 'ledger' | 'gate'> {
  peaks: ReadPeaks
  /** so few codes came back that it is asked where */
  isLow: (quarter: ServiceView['quarter']) => boolean
}
const floor = (at: number, unit: number): number => Math.floor(at / unit) * unit

/** What the rules need to know of traffic, out of the roll-ups. A read that fails is told and leaves its part `null`. */
export async function observe(
  parts: Read,
  now: number,
  warn: (error: Error) => void,
): Promise<Pick<Observation, 'services' | 'countries' | 'day' | 'caps'>> {
  const reading = async <T>(read: Promise<T>): Promise<T | null> => {
    try {
      return await read
    } catch (error) {
      warn(error instanceof Error ? error : new Error(String(error)))
      return null
    }
  }
  const [services, countries, day, caps] = await Promise.all([
    reading(serviceViews(parts, now)),
    reading(countriesSeen(parts.ledger, now)),
    reading(dayOf(parts, now)),
    reading(capsOf(parts, now)),
  ])
  return { services, countries, day, caps }
}

/** Of every service that asked for something in the last day, whether the policy names it or not. */
async function serviceViews({ ledger, peaks, isLow }: Read, now: number): Promise<ServiceView[]> {
  const to = floor(now, MINUTE) + MINUTE
  const hour = floor(now, HOUR)
  const quarter = {
    from: floor(now - ENTRY_MS, MINUTE) - 15 * MINUTE,
    to: floor(now - ENTRY_MS, MINUTE),
  }
  const sums = async (time: { period: 'minute' | 'hour'; from: number; to: number }) =>
    new Map((await serviceSums(ledger, time)).map((sum) => [sum.service, sum]))
  const [fiveMinutes, quarters, hours, days, usual] = await Promise.all([
    sums({ period: 'minute', from: to - 5 * MINUTE, to }),
    sums({ period: 'minute', ...quarter }),
    sums({ period: 'hour', from: hour - HOUR, to: now }),
    sums({ period: 'hour', from: hour - DAY + HOUR, to: now }),
    peaks(now),
  ])
  const counts = ({ sends, verified, failed }: Tally = emptyTally()) => ({
    sends,
    verified,
    failed,
  })
  const views = [...days.keys()].map((service) => ({
    service,
    fiveMinutes: fiveMinutes.get(service)?.requests ?? 0,
    usual: usual.get(service) ?? null,
    quarter: counts(quarters.get(service)),
    hour: counts(hours.get(service)),
    day: counts(days.get(service)),
  }))
  const explained = new Set(views.filter(({ quarter }) => isLow(quarter)).slice(0, MOST_EXPLAINED))
  return Promise.all(
    views.map(async (view) => ({
      ...view,
      worst: explained.has(view) ? await worstOf(ledger, view.service, quarter) : [],
    })),
  )
}

/** Countries where most codes did not come back, worst first. */
async function worstOf(
  ledger: Read['ledger'],
  service: string,
  quarter: { from: number; to: number },
): Promise<ServiceView['worst']> {
  const sums = await ledger.top(
    { period: 'minute', dimension: 'country', service, ...quarter },
    'sends',
    20,
  )
  return sums
    .map(({ key, sends, verified }) => ({ country: key, sends, verified }))
    .sort((a, b) => b.sends - b.verified - (a.sends - a.verified))
    .slice(0, 4)
}

async function dayOf({ ledger }: Pick<Read, 'ledger'>, now: number): Promise<Observation['day']> {
  const midnight = floor(now, DAY)
  const [today, days] = await Promise.all([
    ledger.series({ period: 'hour', dimension: 'all', from: midnight, to: now }),
    ledger.series({
      ...{ period: 'day', dimension: 'all' },
      from: midnight - HISTORY_DAYS * DAY,
      to: midnight,
    }),
  ])
  const history = wholeDays(days, midnight)
  return {
    spendMicroUsd: sumOf(today).spendMicroUsd,
    forecast: forecastSpend(history, [{ at: midnight, share: 1 }]),
  }
}

/** Days in a row, those without a row too. */
export function wholeDays(
  rows: readonly { at: number; spendMicroUsd: number }[],
  end: number,
  count: number = HISTORY_DAYS,
): { at: number; microUsd: number }[] {
  const spend = new Map<number, number>()
  for (const { at, spendMicroUsd } of rows) spend.set(at, (spend.get(at) ?? 0) + spendMicroUsd)
  return Array.from({ length: count }, (_, i) => {
    const at = end - (count - i) * DAY
    return { at, microUsd: spend.get(at) ?? 0 }
  })
}

/** Every cap of the policy in force with what is used of it. A cap of each country has a row for the twenty dearest. */
export async function capsOf(
  { ledger, gate }: Pick<DeskParts, 'ledger' | 'gate'>,
  now: number,
): Promise<CapView[]> {
  const { policy } = gate.policy
  const services = Object.values(policy.services)
  const enforced = [...services, policy.fallback].some((one) => one?.mode === 'enforce')
  const caps: { service: string | null; mode: Mode; cap: SpendCap }[] = [
    ...policy.spendCaps.map((cap) => ({
      ...{ service: null, mode: enforced ? ('enforce' as const) : ('monitor' as const), cap },
    })),
    ...services.flatMap(({ name, mode, spendCaps }) =>
      spendCaps.map((cap) => ({ service: name, mode, cap })),
    ),
  ]
  const views = await Promise.all(
    caps.map(async ({ service, mode, cap }): Promise<CapView[]> => {
      const { period, limitMicroUsd } = cap
      const filter: RollupFilter = {
        period: period === 'month' ? 'day' : 'hour',
        dimension: cap.scope === 'country' ? 'country' : 'all',
        from: periodStart(period, now),
        to: now,
        ...(service !== null && cap.scope !== 'global' && { service }),
        ...(cap.country !== undefined && cap.country !== '*' && { keys: [cap.country] }),
      }
      const used = await ledger.top(filter, 'spendMicroUsd', 20)
      const of = { service: cap.scope === 'global' ? null : service, mode, period, limitMicroUsd }
      if (cap.scope !== 'country')
        return [{ ...of, country: null, usedMicroUsd: sumOf(used).spendMicroUsd }]
      return used.map(({ key, spendMicroUsd }) => ({
        ...of,
        country: key,
        usedMicroUsd: spendMicroUsd,
      }))
    }),
  )
  return views.flat()
}

/** First ms of the UTC hour, day or month. */
function periodStart(period: SpendCap['period'], now: number): number {
  if (period === 'month') {
    const date = new Date(now)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
  }
  const unit = period === 'hour' ? HOUR : DAY
  return periodNumber(period, now) * unit
}
