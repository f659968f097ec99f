import { DAY, HOUR } from '../engine/units.js'
import type { ConsoleStore } from '../ledger/console-port.js'

const MOST_COUNTRIES = 300
const KNOWN_DAYS = 30
/** Traffic must be known so long before a country is called new, ms. */
const LEAST_KNOWN_MS = 7 * DAY

export interface CountriesSeen {
  /** of the last 24 hours, by requests */
  recent: { key: string; requests: number }[]
  /** of the 30 days before; `null` while less than a week is known */
  before: ReadonlySet<string> | null
}

const floor = (at: number, unit: number): number => Math.floor(at / unit) * unit

/** Countries that codes were asked for, of late and before. */
export async function countriesSeen(
  ledger: Pick<ConsoleStore, 'series' | 'top'>,
  now: number,
): Promise<CountriesSeen> {
  const recentFrom = floor(now, HOUR) - DAY + HOUR
  const midnight = floor(recentFrom, DAY)
  const known = await ledger.series({
    ...{ period: 'day', dimension: 'all' },
    from: midnight - KNOWN_DAYS * DAY,
    to: midnight,
  })
  const first = known.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY)
  const top = (period: 'hour' | 'day', from: number, to: number) =>
    ledger.top({ period, dimension: 'country', from, to }, 'requests', MOST_COUNTRIES)
  const [recent, days, hours] = await Promise.all([
    top('hour', recentFrom, now),
    top('day', midnight - KNOWN_DAYS * DAY, midnight),
    top('hour', midnight, recentFrom),
  ])
  return {
    recent,
    before:
      first <= now - LEAST_KNOWN_MS ? new Set([...days, ...hours].map(({ key }) => key)) : null,
  }
}
