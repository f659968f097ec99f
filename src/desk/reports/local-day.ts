import { createZone } from '../../audit/read/zone.js'
import { DAY, HOUR } from '../../engine/units.js'

const formats = new Map<string, Intl.DateTimeFormat>()

/** YYYY-MM-DD of a time in a zone. @throws RangeError for a zone that does not exist */
export function dateOf(timeZone: string, at: number): string {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
    formats.set(timeZone, format)
  }
  return format.format(at)
}

/** A local day as roll-ups have it: from the first full UTC hour of it. Zones of half hours begin half an hour late. */
export function localDay(timeZone: string, date: string): { from: number; to: number } {
  const zone = createZone(timeZone)
  const midnight = Date.parse(`${date}T00:00:00Z`)
  const hour = (local: number): number => Math.ceil(zone(local) / HOUR) * HOUR
  return { from: hour(midnight), to: hour(midnight + DAY) }
}

/** The date so many days later. */
export const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)

/** YYYY-MM to its UTC span. */
export function monthSpan(month: string): { from: number; to: number } {
  const from = Date.parse(`${month}-01T00:00:00Z`)
  const date = new Date(from)
  return { from, to: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) }
}

/** YYYY-MM of a time, and months later. */
export function monthOf(at: number, later = 0): string {
  const date = new Date(at)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1))
    .toISOString()
    .slice(0, 7)
}
