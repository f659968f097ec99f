import { usd } from '../../engine/money.js'
import type { Estimate } from '../audit-result.js'

/** From a thousand on nobody reads the cents. */
const WHOLE_FROM = 1_000

/** Keeps a figure and its unit on one line. */
const GAP = '\u00a0'

const inUnit = (figure: string, currency: string): string =>
  currency === '' ? figure : `${currency}${GAP}${figure}`

/** A sum: `EUR 48,210`, `EUR 12.40`, `EUR 0`. A log without a currency has amounts without one. */
export function money(value: number, currency: string): string {
  if (Math.abs(value) < 0.005) return inUnit('0', currency)
  const digits = Math.abs(value) >= WHOLE_FROM ? 0 : 2
  return inUnit(
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    currency,
  )
}

/** A price: `EUR 0.008` is not `EUR 0.01`. */
export const price = (value: number, currency: string): string =>
  inUnit(usd(value * 1e6).replace('USD ', ''), currency)

export const count = (n: number): string => Math.round(n).toLocaleString('en')

/** A figure on an axis, where there is room for five letters: `8,000`, `12K`, `1.5M`. */
export const brief = (n: number): string =>
  n < 10_000 ? n.toLocaleString('en') : n.toLocaleString('en', { notation: 'compact' })

/** `79 %`, `4.3 %`, `0.04 %`; never 0 or 100 % where it is not. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '-'
  const value = 100 * share
  if (value === 0 || value === 100) return `${value}${GAP}%`
  if (value > 99.5 && value < 100) return `> 99${GAP}%`
  if (value >= 10) return `${value.toFixed(0)}${GAP}%`
  if (value >= 0.1) return `${value.toFixed(1)}${GAP}%`
  return value < 0.01 ? `< 0.01${GAP}%` : `${value.toFixed(2)}${GAP}%`
}

export const part = (of: number, whole: number): number => (whole === 0 ? 0 : of / whole)

/** `EUR 45,100 to EUR 51,300`. */
export const interval = ({ low, high }: Estimate, currency: string): string =>
  `${money(low, currency)} to ${money(high, currency)}`

/** `14 Mar 2026`, UTC. */
export function dayText(iso: string): string {
  const at = new Date(iso.length === 10 ? `${iso}T00:00:00Z` : iso)
  if (Number.isNaN(at.getTime())) return iso
  const month = at.toLocaleString('en', { month: 'short', timeZone: 'UTC' })
  return `${at.getUTCDate()} ${month} ${at.getUTCFullYear()}`
}

/** `14 Mar 2026, 03:12`, UTC. */
export const momentText = (iso: string): string => `${dayText(iso)}, ${iso.slice(11, 16)}`

const HOUR_MS = 3_600_000

/** How long something lasted: `40 min`, `7 hours`, `12 days`. */
export function lasted(from: string, to: string): string {
  const hours = (Date.parse(to) - Date.parse(from)) / HOUR_MS
  if (!Number.isFinite(hours)) return ''
  if (hours < 1) return `${Math.max(1, Math.round(hours * 60))} min`
  if (hours < 48) return `${Math.round(hours)} ${Math.round(hours) === 1 ? 'hour' : 'hours'}`
  return `${Math.round(hours / 24)} days`
}

/** `Mar 2026`: the month a period began in. */
export const monthText = (iso: string): string => dayText(iso).replace(/^\d+ /, '')

/** `MTN` of `NG/MTN`; `157...` of `DE/157`, the numbers of nobody the numbering plan names. */
export function operatorText(key: string): string {
  const name = key.slice(key.indexOf('/') + 1)
  return /^\d+$/.test(name) ? `${name}...` : name
}

/** `1 message`, `2 messages`. */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`

/** `a`, `a and b`, `a, b and c`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`
