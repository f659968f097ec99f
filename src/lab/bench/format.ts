import { HOUR, MINUTE } from '../../engine/units.js'
import type { Estimate } from './bootstrap.js'

/** 0 to 1 as a percentage: two significant digits, or nothing at all. */
export function percent(value: number): string {
  if (value === 0) return '0'
  const hundredths = 100 * Math.abs(value)
  if (hundredths < 0.0005) return value < 0 ? '-<0.001' : '<0.001'
  const digits = hundredths >= 10 ? 0 : hundredths >= 1 ? 1 : hundredths >= 0.1 ? 2 : 3
  return (100 * value).toFixed(digits)
}

/** With its 95 % interval, where there is one. */
export const interval = ({ value, low, high }: Estimate): string =>
  low === high ? percent(value) : `${percent(value)} (${percent(low)} to ${percent(high)})`

/** ms as minutes or hours. */
export function span(ms: number): string {
  if (ms >= 48 * HOUR) return `${(ms / (24 * HOUR)).toFixed(1)} days`
  if (ms >= 2 * HOUR) return `${(ms / HOUR).toFixed(1)} h`
  return `${Math.round(ms / MINUTE)} min`
}

export const count = (n: number): string =>
  n >= 100 || Number.isInteger(n) ? Math.round(n).toLocaleString('en') : n.toFixed(1)
