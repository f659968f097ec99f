import metadata from 'libphonenumber-js/max/metadata'
import { Automaton } from './automaton.mjs'
import { DigitPatterns } from './digit-patterns.mjs'

/** An E.164 number has at most 15 digits, the calling code among them (ITU-T E.164). */
const E164_DIGITS = 15

/** libphonenumber-js: national numbers under two digits are not parsed. */
const SHORTEST_NATIONAL = 2

/** Positions of the types in the metadata's array, and the order in which libphonenumber tries them. */
const TYPE_AT = {
  FIXED_LINE: 0,
  MOBILE: 1,
  PREMIUM_RATE: 3,
  TOLL_FREE: 2,
  SHARED_COST: 9,
  VOIP: 8,
  PERSONAL_NUMBER: 4,
  PAGER: 7,
  UAN: 6,
  VOICEMAIL: 5,
}

/**
 * Every valid E.164 number, as an automaton over its digits whose end state names country and type.
 *
 * Exact by construction: it runs libphonenumber's own patterns side by side and decides at the end of the digits as
 * `parsePhoneNumber` does. Numbers whose national part might begin with a national prefix (which libphonenumber strips
 * by rules of its own) and numbers that are not valid are left out: node 0, "parse in full".
 *
 * @returns {{ automaton: Automaton, root: number, classes: [country: string, callingCode: string, type: string][] }}
 */
export function buildNumberingPlan() {
  const automaton = new Automaton()
  const classes = [['', '', '']]
  const ids = new Map()
  const classId = (country, callingCode, type) => {
    const key = `${country} ${callingCode} ${type}`
    if (!ids.has(key)) ids.set(key, classes.push([country, callingCode, type]) - 1)
    return ids.get(key)
  }
  const plans = []
  for (const [callingCode, countries] of Object.entries(metadata.country_calling_codes)) {
    plans.push([callingCode, countries.map((c) => [c, metadata.countries[c]])])
  }
  for (const [callingCode, plan] of Object.entries(metadata.nonGeographic)) {
    plans.push([callingCode, [['001', plan]]])
  }
  const roots = plans.map(([callingCode, countries]) => [
    callingCode,
    buildCallingCode(automaton, callingCode, countries, classId),
  ])
  return { automaton, root: automaton.trie(roots, 'node'), classes }
}

function buildCallingCode(automaton, callingCode, countries, classId) {
  const patterns = new DigitPatterns()
  const plans = countries.map(([country, plan]) => readPlan(patterns, country, plan))
  const main = countries[0][1]
  const nationalPrefix = main[7] || main[5]
  const strip = nationalPrefix ? patterns.add(nationalPrefix, 'prefix') : -1
  const numberPatterns = new Set(plans.map((plan) => plan.whole))

  const classify = (length, matched) => {
    if (length < SHORTEST_NATIONAL) return 0
    const plan =
      plans.length === 1
        ? plans[0]
        : plans.find((p) => (p.leading >= 0 ? matched.has(p.leading) : typeOf(p, length, matched)))
    const type = typeOf(plan ?? plans[0], length, matched)
    return type ? classId(plan?.country ?? '', callingCode, type) : 0
  }

  const alive = reaches(patterns, numberPatterns)
  const built = new Map()
  const build = (states, length) => {
    const live = states.some((s) => alive[s])
    if (!live) return 0
    const matched = patterns.matched(states)
    if (matched.has(strip)) return 0
    const key = `${length}:${states.join()}`
    const known = built.get(key)
    if (known !== undefined) return known
    const children = new Array(10).fill(0)
    if (length < E164_DIGITS - callingCode.length) {
      for (let digit = 0; digit < 10; digit++) {
        children[digit] = build(patterns.step(states, digit), length + 1)
      }
    }
    const id = automaton.node(classify(length, matched), children)
    built.set(key, id)
    return id
  }
  // A prefix pattern that matches nothing at all strips nothing: only a match of at least one digit counts.
  return build(
    patterns.start().filter((s) => strip < 0 || patterns.accepts[s] !== strip),
    0,
  )
}

function readPlan(patterns, country, plan) {
  const [, , whole, lengths] = plan
  const types = plan[11] || []
  if (types.length === 0) throw new Error(`metadata of ${country} has no number types`)
  const read = {}
  for (const [type, at] of Object.entries(TYPE_AT)) {
    const entry = types[at]
    if (!entry) continue
    read[type] = {
      pattern: entry[0] ? patterns.add(entry[0], 'whole') : -1,
      lengths: entry[1] || lengths,
    }
  }
  return {
    country,
    whole: patterns.add(whole, 'whole'),
    leading: plan[10] ? patterns.add(plan[10], 'prefix') : -1,
    types: read,
  }
}

/** As `getNumberType` of libphonenumber-js decides; '' where it finds none, that is, on a number that is not valid. */
function typeOf(plan, length, matched) {
  if (!matched.has(plan.whole)) return ''
  const is = (type) => {
    const entry = plan.types[type]
    return !!entry && matched.has(entry.pattern) && entry.lengths.includes(length)
  }
  if (is('FIXED_LINE')) {
    const mobile = plan.types.MOBILE
    // An empty mobile pattern was removed from the metadata as a duplicate of the fixed-line one.
    if (!mobile || mobile.pattern < 0 || is('MOBILE')) return 'FIXED_LINE_OR_MOBILE'
    return 'FIXED_LINE'
  }
  return Object.keys(TYPE_AT).find((type) => type !== 'FIXED_LINE' && is(type)) ?? ''
}

/** The states from which one of `wanted` can still be completed. */
function reaches(patterns, wanted) {
  const alive = patterns.accepts.map((id) => wanted.has(id))
  for (let changed = true; changed; ) {
    changed = false
    for (let s = 0; s < alive.length; s++) {
      if (alive[s]) continue
      const on = patterns.masks[s] ? [patterns.next[s], ...patterns.free[s]] : patterns.free[s]
      if (on.some((t) => alive[t])) {
        alive[s] = true
        changed = true
      }
    }
  }
  return alive
}
