import { periodNumber } from '../../engine/calendar.js'
import type { SpendCap } from '../../engine/policy.js'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import type { RollupFilter, Tally } from '../../ledger/console-port.js'
import { countriesSeen } from '../../report/countries-seen.js'
import { forecastSpend, HISTORY_DAYS } from '../../report/forecast.js'
import { ENTRY_MS } from '../../report/signals.js'
import { sumOf } from '../../report/tally.js'
import { USUAL_DAYS, usualPeak } from '../../report/usual-peak.js'
import type { DeskParts } from '../parts.js'
import type { CapView, Observation, ServiceView } from './evaluate.js'

/** Services that are watched by themselves. */
const MOST_SERVICES = 50

type Read = Pick<DeskParts, 'ledger' | 'gate'>
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
  const names = Object.keys(parts.gate.policy.policy.services).slice(0, MOST_SERVICES)
  const [services, countries, day, caps] = await Promise.all([
    reading(Promise.all(names.map((service) => serviceView(parts, service, now)))),
    reading(countriesSeen(parts.ledger, now)),
    reading(dayOf(parts, now)),
    reading(capsOf(parts, now)),
  ])
  return { services, countries, day, caps }
}

async function serviceView({ ledger }: Read, service: string, now: number): Promise<ServiceView> {
  const to = floor(now, MINUTE) + MINUTE
  const quarterTo = floor(now - ENTRY_MS, MINUTE)
  const quarter: RollupFilter = {
    ...{ period: 'minute', dimension: 'all', service },
    from: quarterTo - 15 * MINUTE,
    to,
  }
  const [minutes, hours, byCountry] = await Promise.all([
    ledger.series(quarter),
    ledger.series({
      ...{ period: 'hour', dimension: 'all', service },
      from: floor(now, HOUR) - USUAL_DAYS * DAY,
      to: now,
    }),
    ledger.top({ ...quarter, dimension: 'country', to: quarterTo }, 'sends', 20),
  ])
  const counts = (rows: readonly Tally[]) => {
    const { sends, verified, failed } = sumOf(rows)
    return { sends, verified, failed }
  }
  const since = (rows: typeof hours, from: number) => rows.filter(({ at }) => at >= from)
  return {
    service,
    fiveMinutes: sumOf(since(minutes, to - 5 * MINUTE)).requests,
    usual: usualPeak(hours, now),
    quarter: counts(minutes.filter(({ at }) => at < quarterTo)),
    worst: byCountry
      .map(({ key, sends, verified }) => ({ country: key, sends, verified }))
      .sort((a, b) => b.sends - b.verified - (a.sends - a.verified))
      .slice(0, 4),
    hour: counts(since(hours, floor(now, HOUR) - HOUR)),
    day: counts(since(hours, floor(now, HOUR) - DAY + HOUR)),
  }
}

async function dayOf({ ledger }: Read, now: number): Promise<Observation['day']> {
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
export async function capsOf({ ledger, gate }: Read, now: number): Promise<CapView[]> {
  const { policy } = gate.policy
  const caps: { service: string | null; cap: SpendCap }[] = [
    ...policy.spendCaps.map((cap) => ({ service: null, cap })),
    ...Object.values(policy.services).flatMap(({ name, spendCaps }) =>
      spendCaps.map((cap) => ({ service: name, cap })),
    ),
  ]
  const views = await Promise.all(
    caps.map(async ({ service, cap }): Promise<CapView[]> => {
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
      const of = { service: cap.scope === 'global' ? null : service, period, limitMicroUsd }
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
