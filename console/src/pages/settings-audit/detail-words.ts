import { usd, utc } from '../../kit/figures'

const WORD = /([a-z])([A-Z])/g

/**
 * What is kept with an action, in a line: `role: analyst, hours: 72`.
 * @param said names that the line has already
 */
export function detailWords(
  detail: Readonly<Record<string, unknown>> | null,
  said: readonly (string | null)[] = [],
): string {
  if (detail === null) return ''
  return Object.entries(detail)
    .filter(([name, value]) => name !== 'name' || !said.includes(String(value)))
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${label(name)}: ${words(name, value)}`)
    .join(', ')
}

const MICRO_USD = 'MicroUsd'
const label = (name: string): string =>
  name.replace(MICRO_USD, '').replace(WORD, '$1 $2').toLowerCase()

function words(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => words(name, one)).join(' ')
  if (typeof value === 'object' && value !== null) return keyOf(value) ?? JSON.stringify(value)
  if (typeof value !== 'number') return String(value)
  if (name.endsWith(MICRO_USD)) return usd(value)
  if (name === 'until' || name.endsWith('At')) return utc(value)
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(3)))
}

/** Ranges, sources and targets go by their key; their figures stand where they are kept. */
const keyOf = (value: object): string | null =>
  'key' in value && typeof value.key === 'string' ? value.key : null
