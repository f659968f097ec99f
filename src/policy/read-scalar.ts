import { isScalar, type Node } from 'yaml'
import { COUNTRIES, countryHint } from './countries.js'
import { LIST_ENTRY_HINT, listEntry } from './list-entry.js'
import { type Shape, shorten, type Trail, what } from './shape.js'
import { closest } from './suggest.js'
import { formatDuration, formatMoney, type Parsed, parseDuration, parseMoney } from './units.js'

/** A single value by its kind; `undefined` and a report where it is none. */
export function readScalar(
  node: Node | null,
  shape: Shape,
  path: string,
  trail: Trail,
): string | number | boolean | undefined {
  if (!isScalar(node) || node.value === null) {
    trail.wrong(
      node,
      path,
      `${what(node)} stands where ${WANTED[shape.kind]} belongs`,
      howTo(shape),
    )
    return undefined
  }
  const parsed = parse(node.value, String(node.source ?? node.value), shape)
  if ('wrong' in parsed) {
    trail.wrong(node, path, parsed.wrong, parsed.hint)
    return undefined
  }
  return parsed.value
}

const WANTED: Partial<Record<Shape['kind'], string>> = {
  duration: 'a duration',
  money: 'an amount of money',
  integer: 'a whole number',
  number: 'a number',
  choice: 'one of a few words',
  text: 'a text',
  flag: 'true or false',
  country: 'a country code',
  entry: 'a list entry',
}

function howTo({ kind, of }: Shape): string {
  if (kind === 'duration') return 'write a number and a unit, s, m, h or d: 10m'
  if (kind === 'money') return 'write an amount and USD: 50 USD'
  if (kind === 'choice') return `write ${oneOf(of ?? [])}`
  if (kind === 'country') return 'write two capital letters of ISO 3166, such as NG'
  if (kind === 'entry') return LIST_ENTRY_HINT
  if (kind === 'flag') return 'write true or false'
  if (kind === 'text') return 'write the text on one line, in quotes'
  return 'write a number'
}

const oneOf = (words: readonly (string | number)[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

function parse(value: unknown, source: string, shape: Shape): Parsed<string | number | boolean> {
  switch (shape.kind) {
    case 'duration':
      return within(parseDuration(value), shape, formatDuration)
    case 'money':
      return within(parseMoney(value), shape, formatMoney)
    case 'integer':
    case 'number':
      return within(parseNumber(value, source, shape), shape, String)
    case 'flag':
      if (typeof value === 'boolean') return { value }
      return { wrong: `${quote(source)} is neither true nor false`, hint: 'write true or false' }
    case 'choice':
      return parseChoice(value, source, shape.of ?? [])
    case 'country':
      if (COUNTRIES.has(source) || source === shape.accept) return { value: source }
      return { wrong: `${quote(source)} is not a country code`, hint: countryHint(source) }
    case 'entry': {
      const entry = listEntry(source)
      if (entry !== null) return { value: entry }
      return { wrong: `${quote(source)} is not a list entry`, hint: LIST_ENTRY_HINT }
    }
    default:
      return parseText(String(value), shape)
  }
}

const quote = (text: string): string => JSON.stringify(shorten(text))

function parseNumber(value: unknown, source: string, { kind }: Shape): Parsed<number> {
  if (typeof value === 'number' && Number.isFinite(value)) {
    if (kind === 'number' || Number.isSafeInteger(value)) return { value }
    const near = Math.round(value)
    return Number.isSafeInteger(near)
      ? { wrong: `${source} is not a whole number`, hint: `write ${near}` }
      : { wrong: `${source} is beyond every limit`, hint: 'write a smaller number' }
  }
  const loose = Number(source.replaceAll(/[_,\s]/g, ''))
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(source)
  const hint = percent
    ? `write ${Number(percent[1]) / 100}`
    : source !== '' && Number.isFinite(loose)
      ? `write ${loose}, without quotes`
      : 'write a number in digits'
  return { wrong: `${quote(source)} is not a number`, hint }
}

function parseChoice(
  value: unknown,
  source: string,
  words: readonly (string | number)[],
): Parsed<string | number> {
  const found = words.find((word) => word === value)
  if (found !== undefined) return { value: found }
  const meant = closest(source, words.map(String))
  const known = `it takes ${oneOf(words)}`
  return {
    wrong: `${quote(source)} is not known here`,
    hint: meant === undefined ? known : `did you mean ${meant}? ${known}`,
  }
}

function parseText(value: string, { max = 1_000, must }: Shape): Parsed<string> {
  if (value.length > max) {
    return { wrong: `a text of ${value.length} characters`, hint: `at most ${max} are taken` }
  }
  if (must !== undefined && !value.includes(must)) {
    return { wrong: `${must} is missing in the text`, hint: `write ${must} where the code belongs` }
  }
  return { value }
}

function within(parsed: Parsed<number>, { min, max }: Shape, format: (value: number) => string) {
  if ('wrong' in parsed) return parsed
  const { value } = parsed
  if (min !== undefined && value < min) {
    return { wrong: `${format(value)} is too little`, hint: `at least ${format(min)}` }
  }
  if (max !== undefined && value > max) {
    return { wrong: `${format(value)} is too much`, hint: `at most ${format(max)}` }
  }
  return parsed
}
