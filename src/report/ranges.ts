import type { Incident, QuarantineChange } from '../engine/detect/change.js'
import type { Measure } from '../engine/measures.js'
import { regionName } from '../engine/region-name.js'

export const RANGE_LEVELS = ['country', 'operator', 'block', 'subBlock'] as const
export type RangeLevel = (typeof RANGE_LEVELS)[number]

/** A range and those around it, by key. */
export interface RangePlace {
  level: RangeLevel
  key: string
  country: string
  operator: string | null
  block: string | null
}

/** Country of an operator range `NG/MTN`, and name of its operator (or its first national digits). */
export function readOperator(key: string): { country: string; name: string } {
  const slash = key.indexOf('/')
  return { country: key.slice(0, Math.max(0, slash)), name: key.slice(slash + 1) }
}

/**
 * Where a range lies. The operator of a sub-block is not in its roll-up: `operatorOf` knows it by the block.
 * @param parent as the roll-ups have it
 */
export function placeOf(
  level: RangeLevel,
  key: string,
  parent: string,
  operatorOf: (block: string) => string | null,
): RangePlace {
  switch (level) {
    case 'country':
      return { level, key, country: key, operator: null, block: null }
    case 'operator':
      return { level, key, country: readOperator(key).country, operator: key, block: null }
    case 'block':
      return { level, key, country: readOperator(parent).country, operator: parent, block: key }
    case 'subBlock': {
      const operator = operatorOf(parent)
      const country = operator === null ? '' : readOperator(operator).country
      return { level, key, country, operator, block: parent }
    }
  }
}

export interface RangeMark {
  kind: 'incident' | 'quarantine' | 'measure'
  id: string | null
  text: string
  until: number | null
}

/** What speaks of a range now. */
export interface Speaking {
  incidents: readonly Incident[]
  quarantines: readonly QuarantineChange[]
  measures: readonly Measure[]
}

/** Whether one of two ranges lies within the other. Prefixes of digits nest; countries and operators by their keys. */
function touches(place: RangePlace, country: string, operator: string, key: string): boolean {
  switch (place.level) {
    case 'country':
      return place.key === country
    case 'operator':
      return place.key === operator || (operator === '' && place.country === country)
    default:
      if (key.startsWith('+')) return key.startsWith(place.key) || place.key.startsWith(key)
      return operator === '' ? place.country === country : place.operator === operator
  }
}

/** Incidents in it or around it, quarantines in it, measures on it or on what it lies in. */
export function marksOf(
  place: RangePlace,
  { incidents, quarantines, measures }: Speaking,
): RangeMark[] {
  const marks: RangeMark[] = []
  for (const { id, kind, state, ranges, countries } of incidents) {
    if (state === 'closed') continue
    const inIt =
      ranges.length === 0
        ? countries.includes(place.country)
        : ranges.some((range) => touches(place, range.country, range.operatorRange, range.key))
    if (inIt) marks.push({ kind: 'incident', id, text: `${kind} incident, ${state}`, until: null })
  }
  const held = quarantines.filter(({ country, operatorRange, key }) =>
    touches(place, country, operatorRange, key),
  )
  const [first] = held
  if (first !== undefined) {
    const narrow = place.level === 'block' || place.level === 'subBlock'
    const until = Math.max(...held.map((quarantine) => quarantine.until))
    const text =
      narrow && held.length === 1
        ? 'in quarantine'
        : `${held.length} ${held.length === 1 ? 'range' : 'ranges'} in quarantine`
    marks.push({ kind: 'quarantine', id: null, text, until })
  }
  for (const { id, target, action, until } of measures) {
    const { kind, key } = target
    const on =
      kind === 'country'
        ? place.country === key
        : kind === 'operator'
          ? place.operator === key
          : kind === 'range' && touches(place, '', '', key)
    if (on) marks.push({ kind: 'measure', id, text: `${action} in force`, until })
  }
  return marks
}

/** What somebody means who looks for a range. */
export type RangeQuestion =
  | { by: 'digits'; prefix: string; around: string[] }
  | { by: 'words'; words: string }

/** A country calling code is one digit at least, E.164 has fifteen. */
const MOST_DIGITS = 15

/** A prefix in any spelling (`+234 803…`, `00234803`, `234803`), or words: a country or an operator. `null`: nothing asked. */
export function readQuestion(text: string): RangeQuestion | null {
  const asked = text.trim().replace(/[…*]+$/, '')
  const digits = asked.replace(/[\s().-]/g, '')
  if (/^(\+|00)?[0-9]+$/.test(digits)) {
    const bare = digits.replace(/^(\+|00)/, '').slice(0, MOST_DIGITS)
    if (bare === '') return null
    const around = Array.from({ length: bare.length }, (_, i) => `+${bare.slice(0, i + 1)}`)
    return { by: 'digits', prefix: `+${bare}`, around: around.slice(1) }
  }
  return asked === '' ? null : { by: 'words', words: asked.toLowerCase() }
}

/** Whether a country or an operator is what somebody means. */
export function isMeant(words: string, level: 'country' | 'operator', key: string): boolean {
  const { country, name } = level === 'country' ? { country: key, name: '' } : readOperator(key)
  const names = [name, level === 'country' ? (regionName(country) ?? '') : '', key]
  if (words.length === 2 && level === 'country')
    return key.toLowerCase() === words || starts(names, words)
  return names.some((one) => one.toLowerCase().includes(words))
}

const starts = (names: readonly string[], words: string): boolean =>
  names.some((one) => one.toLowerCase().startsWith(words))
