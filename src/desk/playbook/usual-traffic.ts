import type { Target } from '../../engine/measures.js'
import { HOUR } from '../../engine/units.js'
import type { ConsoleStore, RollupFilter } from '../../ledger/console-port.js'
import { USUAL_DAYS, usualPeak } from '../../report/usual-peak.js'
import { DIMENSION_OF } from './target-traffic.js'

/** Part of the usual peak that a throttle leaves. */
const THROTTLED_TO = 0.5

export interface UsualTraffic {
  /** requests of a usual day's busiest hour; `null` while less than a day is known */
  peakHourly: number | null
  /** messages an hour that a throttle lets pass: half of it, at least one */
  throttle: number
}

function filterOf(target: Target): Pick<RollupFilter, 'dimension' | 'keys' | 'prefix' | 'service'> {
  const { kind, key, service } = target
  if (kind === 'service') return { dimension: 'all', keys: [''], service: key }
  const within = service === null ? {} : { service }
  // blocks under it; a sub-block, or a number, has its own
  if (kind === 'range') return { dimension: 'block', prefix: key, ...within }
  return { dimension: DIMENSION_OF[kind], keys: [key], ...within }
}

/** What is usual for a target, by the roll-ups of the last week. */
export async function usualTraffic(
  ledger: Pick<ConsoleStore, 'series'>,
  target: Target,
  now: number,
): Promise<UsualTraffic> {
  const span = { period: 'hour' as const, from: now - (USUAL_DAYS + 1) * 24 * HOUR, to: now }
  const filter = filterOf(target)
  let points = await ledger.series({ ...span, ...filter })
  if (target.kind === 'range' && points.length === 0)
    points = await ledger.series({ ...span, ...filter, dimension: 'subBlock' })
  const hours = new Map<number, number>()
  for (const { at, requests } of points) hours.set(at, (hours.get(at) ?? 0) + requests)
  const peak = usualPeak(
    [...hours].map(([at, requests]) => ({ at, requests })),
    now,
  )
  return {
    peakHourly: peak?.hourly ?? null,
    throttle: Math.max(1, Math.floor(THROTTLED_TO * (peak?.hourly ?? 0))),
  }
}
