import { DAY, HOUR, MINUTE, SECOND, USD } from '../engine/units.js'

/** A value as it was understood, or what is wrong with it and how to write it. */
export type Parsed<T> = { value: T } | { wrong: string; hint: string }

const WORDS: readonly [ms: number, short: string, words: string][] = [
  [DAY, 'd', 'd|days?'],
  [HOUR, 'h', 'h|hours?|hrs?'],
  [MINUTE, 'm', 'm|minutes?|mins?'],
  [SECOND, 's', 's|seconds?|secs?'],
]

/** Longest exact unit first: 5400000 is `90m`, 604800000 is `7d`, 0 is `0s`. */
export function formatDuration(ms: number): string {
  const [size, short] = WORDS.find(([unit]) => ms !== 0 && ms % unit === 0) ?? [SECOND, 's']
  return `${ms / size}${short}`
}

/** `10m`, `1h`, `7d`, `1h30m` to ms. */
export function parseDuration(written: unknown): Parsed<number> {
  if (typeof written === 'number') {
    return {
      wrong: `${written} is a plain number; a duration has a unit`,
      hint: `write ${written}s, ${written}m, ${written}h or ${written}d`,
    }
  }
  const text = String(written).trim()
  if (/^(\d+(\.\d+)?[smhd])+$/.test(text)) {
    let ms = 0
    for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)) {
      ms += Number(amount) * (WORDS.find(([, short]) => short === unit)?.[0] ?? 0)
    }
    return { value: Math.round(ms) }
  }
  for (const [, short, words] of WORDS) {
    const loose = new RegExp(`^(\\d+(?:\\.\\d+)?)\\s*(?:${words})$`, 'i').exec(text)
    if (loose) return { wrong: `"${text}" is not a duration`, hint: `write ${loose[1]}${short}` }
  }
  return {
    wrong: `"${text}" is not a duration`,
    hint: 'write a number and a unit, s, m, h or d: 90s, 10m, 1h, 7d, 1h30m',
  }
}

/** At least two digits after the point and never fewer than the amount needs: `50.00 USD`, `0.0075 USD`. */
export function formatMoney(microUsd: number): string {
  const digits = (Math.round(microUsd) / USD).toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1')
  return `${digits} USD`
}

/** `50 USD`, `0.50 USD` to micro-USD. */
export function parseMoney(written: unknown): Parsed<number> {
  if (typeof written === 'number') {
    return {
      wrong: `${written} is a plain number; an amount of money has a currency`,
      hint: `write ${written} USD`,
    }
  }
  const text = String(written).trim()
  const exact = /^(\d{1,12}(?:\.\d{1,6})?) USD$/.exec(text)
  if (exact) return { value: Math.round(Number(exact[1]) * USD) }
  const dollars = /^(?:USD|US\$|\$)?\s*(\d+(?:\.\d+)?)\s*(?:USD|US\$|\$|dollars?)?$/i.exec(text)
  if (dollars && (dollars[1]?.split('.')[1]?.length ?? 0) <= 6) {
    return { wrong: `"${text}" is not an amount of money`, hint: `write ${dollars[1]} USD` }
  }
  if (/[A-Z]{3}|[€£¥₦₹]/.test(text) && !text.includes('USD')) {
    return {
      wrong: `"${text}" is not in USD`,
      hint: 'policies are written in USD, whatever the provider bills in; convert it',
    }
  }
  return {
    wrong: `"${text}" is not an amount of money`,
    hint: 'write a number, a space and USD, with at most 6 digits after the point: 50 USD, 0.50 USD',
  }
}
