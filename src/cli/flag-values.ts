import { InvalidArgumentError } from 'commander'
import { COUNTRIES, countryHint } from '../policy/countries.js'

const whole =
  (from: number, to: number) =>
  (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= from && value <= to) return value
    throw new InvalidArgumentError(`give a whole number from ${from} to ${to}`)
  }

export const portOf = whole(0, 65_535)
export const gatewaysOf = whole(1, 1_000)
export const countOf = whole(0, Number.MAX_SAFE_INTEGER)

/** ISO 3166 alpha-2 codes with commas between them. */
export function countriesOf(text: string): string[] {
  const codes = text.split(',').map((code) => code.trim().toUpperCase())
  const wrong = codes.find((code) => !COUNTRIES.has(code))
  if (wrong === undefined) return codes
  throw new InvalidArgumentError(
    `give countries as ISO 3166 codes, such as NG,GH; for "${wrong}" ${countryHint(wrong)}`,
  )
}

/** One ISO 3166 alpha-2 code. */
export function countryOf(text: string): string {
  const code = text.trim().toUpperCase()
  if (COUNTRIES.has(code)) return code
  throw new InvalidArgumentError(countryHint(text))
}

/** US dollars as a number, for people who do not think in micro-dollars. */
export function dollarsOf(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return Math.round(value * 1e6)
  throw new InvalidArgumentError('give US dollars, such as 0.11')
}
