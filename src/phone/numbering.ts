import type { NumberType } from '../engine/facts.js'
import { readTables } from '../tables/read.js'

/** What all numbers that end in one state of the plan's automaton have in common. */
export interface NumberClass {
  /** ISO 3166 alpha-2, XK, or 001 for the global codes */
  country: string
  callingCode: string
  type: NumberType
}

/** Where the digits of a number led. One object, reused: read it before the next walk. */
export interface Place {
  /** `null`: not valid, or a number that must be parsed in full to be judged */
  numberClass: NumberClass | null
  /** 0 when no operator is named for the range */
  operatorId: number
}

/**
 * The numbering plans of the world as an automaton over the digits of an E.164 number, and the operators of its ranges.
 *
 * Compiled from the same patterns that a full parse tries one after the other (`scripts/tables/numbering-plan.mjs`):
 * where it names a class, a full parse gives the same country and type and calls the number valid.
 */
export interface Numbering {
  /** @param e164 a plus sign and digits; anything else leads nowhere */
  walk(e164: string): Readonly<Place>
  /** name of an operator id but 0 */
  operatorName(id: number): string
  /** the data names the operators of this country's ranges (nearly) without gaps */
  knowsOperators(country: string): boolean
}

interface NumberingFacts {
  planRoot: number
  operatorRoot: number
  classes: [country: string, callingCode: string, type: NumberType][]
  operators: string[]
  operatorsKnown: string[]
}

const PLUS = 43
const ZERO = 48

/** Reads the tables (0.4 MB, about 5 ms). @throws when they were not built */
export function loadNumbering(): Numbering {
  const tables = readTables<NumberingFacts>(new URL('./generated/', import.meta.url), 'numbering')
  const { planRoot, operatorRoot, operators } = tables.facts
  const planNext = tables.u16('planNext')
  const planValue = tables.u16('planValue')
  const operatorNext = tables.u16('operatorNext')
  const operatorValue = tables.u16('operatorValue')
  const classes = tables.facts.classes.map(([country, callingCode, type], i) =>
    i === 0 ? null : { country, callingCode, type },
  )
  const known = new Set(tables.facts.operatorsKnown)
  const place: Place = { numberClass: null, operatorId: 0 }

  return {
    walk(e164) {
      let plan = planRoot
      let range = operatorRoot
      let operatorId = 0
      if (e164.charCodeAt(0) !== PLUS) plan = range = 0
      for (let i = 1; i < e164.length && (plan | range) !== 0; i++) {
        const digit = e164.charCodeAt(i) - ZERO
        if (digit < 0 || digit > 9) {
          plan = 0
          break
        }
        plan = planNext[plan * 10 + digit] ?? 0
        range = operatorNext[range * 10 + digit] ?? 0
        operatorId = operatorValue[range] || operatorId
      }
      place.numberClass = classes[planValue[plan] ?? 0] ?? null
      place.operatorId = operatorId
      return place
    },
    operatorName: (id) => operators[id] ?? '',
    knowsOperators: (country) => known.has(country),
  }
}
