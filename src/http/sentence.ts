import type { Reason } from '../engine/decision.js'
import { usd } from '../engine/money.js'
import { REASON_CODES, REASONS } from '../engine/reasons.js'

const SPANS: [number, string][] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
]

function span(ms: number): string {
  const [size, name] = SPANS.find(([unit]) => ms >= unit && ms % unit === 0) ?? [1, 'ms']
  const count = ms / size
  return `${count} ${name}${name === 'ms' || count === 1 ? '' : 's'}`
}

function amount(value: number | null, unit: Reason['unit']): string {
  if (value === null) return 'none'
  if (unit === 'micro_usd') return usd(value)
  return String(Math.round(value * 100) / 100)
}

/** Sentences cut at their fields, once: texts at even places, names of fields at odd ones. */
const PARTS = new Map(REASON_CODES.map((code) => [code, REASONS[code].sentence.split(/\{(\w+)\}/)]))

function field(name: string | undefined, reason: Reason): string {
  switch (name) {
    case 'subject':
      return reason.subject
    case 'window':
      return reason.windowMs === null ? 'its window' : span(reason.windowMs)
    case 'observed':
      return amount(reason.observed, reason.unit)
    default:
      return amount(reason.limit, reason.unit)
  }
}

/** A reason in words: the catalogue's sentence with its figures. */
export function sentence(reason: Reason): string {
  const parts = PARTS.get(reason.code) ?? [reason.code]
  let text = parts[0] ?? ''
  for (let i = 1; i < parts.length; i += 2) text += field(parts[i], reason) + parts[i + 1]
  // a cap is "per day", a rate "in 1 day"
  return text.replace(' per 1 ', ' per ')
}
