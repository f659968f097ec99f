/** Numbers and times as texts, for labels of charts and sentences; in markup use the components. */
export { usd } from '../../../src/engine/money'

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })

/** 1,204 */
export const count = (value: number): string => whole.format(value)
/** 1.2K from ten thousand on: for axes */
export const shortCount = (value: number): string =>
  Math.abs(value) < 10_000 ? whole.format(value) : short.format(value)

/** USD 1.2K: for axes */
export const shortUsd = (microUsd: number): string => `USD ${short.format(microUsd / 1e6)}`

/** 12.3 %; a share of nothing is none. */
export function percent(share: number | null, digits?: number): string {
  if (share === null || !Number.isFinite(share)) return '–'
  const fraction = digits ?? (Math.abs(share) < 0.1 && share !== 0 ? 1 : 0)
  if (share > 0 && share < 0.0005 && fraction === 1) return '<0.1 %'
  return `${(share * 100).toFixed(fraction)} %`
}

/** Part of a whole, `null` when there is no whole. */
export const share = (part: number, of: number): number | null => (of > 0 ? part / of : null)

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const

/** 3 h 20 min: the two largest units. */
export function span(ms: number): string {
  let rest = Math.max(0, ms)
  const parts: string[] = []
  for (const [size, name] of UNITS) {
    const n = Math.floor(rest / size)
    rest -= n * size
    if (n > 0) parts.push(`${n} ${name}`)
    else if (parts.length > 0) break
    if (parts.length === 2) break
  }
  return parts.join(' ') || '0 s'
}

/** 3 min ago, in 2 h. */
export function ago(at: number, now: number): string {
  const past = now - at
  const size = Math.abs(past)
  if (size < 5_000) return 'just now'
  const [unit, name] = UNITS.find(([ms]) => size >= ms) ?? [1_000, 's']
  const text = `${Math.floor(size / unit)} ${name}`
  return past > 0 ? `${text} ago` : `in ${text}`
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const minute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const second = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** Day in the reader's time zone: 21 Nov 2026. */
export const dayOf = (at: number): string => day.format(at)
const utcDay = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' },
})
/** Day in UTC, as sums of days are kept: 21 Nov 2026. */
export const utcDayOf = (at: number): string => utcDay.format(at)
/** Time of day in the reader's time zone: 14:05, with seconds 14:05:09. */
export const timeOf = (at: number, seconds = false): string =>
  (seconds ? second : minute).format(at)
/** 21 Nov 2026, 14:05 in a time zone. @param timeZone IANA */
export const momentIn = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    ...{ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    timeZone,
  }).format(at)
/** 2026-11-21 13:05:09 UTC */
export const utc = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })
/** Name of a country by its ISO code; what is no country keeps its code. */
export function countryName(code: string): string {
  if (code === '001') return 'Global networks'
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code
}

/** A sentence that begins a line, out of one that stood within another. */
export const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
