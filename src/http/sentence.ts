import type { Reason } from '../engine/decision.js'
import { usd } from '../engine/money.js'
import { REASONS } from '../engine/reasons.js'

const SPANS: [number, string][] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
]

function span(ms: number): string {
  const [size, name] = SPANS.find(([unit]) => ms >= unit && ms % unit === 0) ?? [1, 'ms']
  const count = ms / size
  if (count === 1) return name
  return `${count} ${name}${name === 'ms' ? '' : 's'}`
}

function amount(value: number | null, unit: Reason['unit']): string {
  if (value === null) return 'none'
  if (unit === 'micro_usd') return usd(value)
  return String(Math.round(value * 100) / 100)
}

/** A reason in words: the catalogue's sentence with its figures. */
export function sentence(reason: Reason): string {
  return REASONS[reason.code].sentence.replace(/\{(\w+)\}/g, (_, field: string) => {
    if (field === 'subject') return reason.subject
    if (field === 'window') return reason.windowMs === null ? 'its window' : span(reason.windowMs)
    return amount(field === 'observed' ? reason.observed : reason.limit, reason.unit)
  })
}
