import { DAY, HOUR, MINUTE } from '../engine/units.js'
import type { ConsoleStore } from '../ledger/console-port.js'
import { USUAL_DAYS, type UsualPeak, usualPeak } from './usual-peak.js'

/** What is usual changes once an hour, and is many rows: every service in every hour of a week. */
const FRESH_MS = 10 * MINUTE

/** By service; of one that asked for nothing in a week there is none. */
export type UsualPeaks = ReadonlyMap<string, UsualPeak | null>

/** @param now Unix ms */
export type ReadPeaks = (now: number) => Promise<UsualPeaks>

/** The usual peaks of all services, read anew every ten minutes. */
export function usualPeaks(ledger: Pick<ConsoleStore, 'series'>): ReadPeaks {
  let known: { since: number; peaks: Promise<UsualPeaks> } | null = null

  return (now) => {
    const since = Math.floor(now / FRESH_MS) * FRESH_MS
    if (known?.since === since) return known.peaks
    const peaks = readPeaks(ledger, now)
    known = { since, peaks }
    // a failure is told to who asked, and asked again by the next
    peaks.catch(() => {
      known = null
    })
    return peaks
  }
}

/** A day at a time: the embedded ledger holds up the whole process while it reads. */
async function readPeaks(ledger: Pick<ConsoleStore, 'series'>, now: number): Promise<UsualPeaks> {
  const end = Math.floor(now / HOUR) * HOUR
  const hours = new Map<string, { at: number; requests: number }[]>()
  for (let from = end - USUAL_DAYS * DAY; from < end; from += DAY) {
    const filter = { period: 'hour', dimension: 'all', byService: true } as const
    for (const { at, service, requests } of await ledger.series({
      ...filter,
      from,
      to: from + DAY,
    })) {
      const of = hours.get(service)
      if (of === undefined) hours.set(service, [{ at, requests }])
      else of.push({ at, requests })
    }
  }
  return new Map([...hours].map(([service, of]) => [service, usualPeak(of, now)]))
}
