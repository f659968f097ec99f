import { DAY, HOUR, MINUTE, SECOND } from '../units.js'
import { SIGNALS } from './catalogue.js'
import type { SignalUnit } from './signal.js'
import type { Evidence } from './weigh.js'

const byCode = new Map(SIGNALS.map((signal) => [signal.code, signal]))

/** Two significant digits below ten, whole numbers above. */
const plain = (x: number): string =>
  x >= 10 || Number.isInteger(x) ? String(Math.round(x)) : String(Number(x.toPrecision(2)))

function amount(x: number, unit: SignalUnit | null): string {
  if (unit === 'share') return `${plain(100 * x)} %`
  if (unit === 'ms') return x < SECOND ? `${Math.round(x)} ms` : `${plain(x / SECOND)} s`
  return plain(x)
}

function span(ms: number): string {
  if (ms <= HOUR) return `${plain(ms / MINUTE)} min`
  return ms <= 2 * DAY ? `${plain(ms / HOUR)} h` : `${plain(ms / DAY)} days`
}

/** One piece of evidence for a person: "observed 41 numbers from this IP address in 60 min, usual 3; +1.9". */
export function sentence({ code, observed, expected, windowMs, logOdds }: Evidence): string {
  const signal = byCode.get(code)
  const weight = `${logOdds < 0 ? '-' : '+'}${Math.abs(logOdds).toFixed(1)}`
  if (signal === undefined) return `${code}; ${weight}`
  if (observed === null) return `${signal.says}; ${weight}`
  const during = windowMs === null ? '' : ` in ${span(windowMs)}`
  const usual = expected === null ? '' : `, usual ${amount(expected, signal.unit)}`
  return `observed ${amount(observed, signal.unit)} ${signal.says}${during}${usual}; ${weight}`
}
