import type { NumberFacts, NumberProblem, NumberType } from '../engine/facts.js'
import { Recent } from '../tables/recent.js'
import { loadNumbering, type Numbering } from './numbering.js'
import { isCountry, LONGEST_INPUT, readSpelling } from './spelling.js'

/**
 * Satellite, global and shared codes. Refused by calling code: libphonenumber types +870 and +881 as MOBILE.
 */
const GLOBAL_CODES: ReadonlySet<string> = new Set('800 808 870 878 881 882 883 888 979'.split(' '))

/** Enough for the distinct spellings of some minutes at a few hundred requests a second, 25 MB at most. */
const SPELLINGS_REMEMBERED = 50_000

const NOT_A_NUMBER: NumberFacts = Object.freeze({
  e164: '',
  problem: 'unparseable',
  country: '',
  callingCode: '',
  type: 'UNKNOWN',
  operator: null,
  allocated: true,
  operatorRange: '',
  block: '',
  subBlock: '',
})

export interface PhoneOptions {
  /** country that national spellings are read in, ISO 3166 alpha-2; without one only international ones are numbers */
  defaultCountry?: string
  /** spellings remembered, so that one seen before is not parsed again @default 50000 */
  remember?: number
}

export interface Phone {
  /**
   * The facts of a number, whatever its spelling; all spellings of one subscriber give the same `e164`. Never throws.
   * The object may be shared between calls: do not change it.
   *
   * @param defaultCountry for this call; one that does not exist is ignored
   */
  parse(input: string, defaultCountry?: string): NumberFacts
}

/**
 * @throws when `defaultCountry` is not a country, or the tables were not built
 */
export function createPhone(options: PhoneOptions = {}): Phone {
  const { defaultCountry, remember = SPELLINGS_REMEMBERED } = options
  if (defaultCountry !== undefined && !isCountry(defaultCountry)) {
    throw new Error(
      `defaultCountry: "${defaultCountry}" has no numbering plan; give two capital letters of ISO 3166, such as "NG"`,
    )
  }
  const numbering = loadNumbering()
  const seen = new Recent<NumberFacts>(remember)
  return {
    parse(input, country = defaultCountry) {
      // Callers without types pass what a request body held.
      if (typeof input !== 'string' || input.length > LONGEST_INPUT) return NOT_A_NUMBER
      const known = fromPlan(numbering, input)
      if (known) return known
      const key = country === undefined ? input : `${country} ${input}`
      let facts = seen.get(key)
      if (facts === undefined) {
        facts = Object.freeze(parseInFull(numbering, input, country))
        seen.set(key, facts)
      }
      return facts
    },
  }
}

let shared: Phone | undefined

/** {@link Phone.parse} of a phone made with the default options, on first use. */
export function parseNumber(input: string, defaultCountry?: string): NumberFacts {
  shared ??= createPhone()
  return shared.parse(input, defaultCountry)
}

/**
 * The facts of a valid number in strict E.164 by two walks over its digits, no more; `null` when only a full parse can
 * tell. As dear as a look-up in a cache, so there is none before it.
 */
export function fromPlan(numbering: Numbering, e164: string): NumberFacts | null {
  const { numberClass, operatorId } = numbering.walk(e164)
  if (numberClass === null) return null
  const { country, callingCode, type } = numberClass
  return facts(numbering, e164, country, callingCode, type, null, operatorId)
}

/** The facts by libphonenumber's own parser, about 7 us. */
export function parseInFull(
  numbering: Numbering,
  input: string,
  defaultCountry?: string,
): NumberFacts {
  const number = readSpelling(input, defaultCountry)
  if (number === null) return NOT_A_NUMBER
  const type = number.getType()
  return facts(
    numbering,
    number.number,
    number.country ?? '',
    number.countryCallingCode,
    type ?? 'UNKNOWN',
    number.ext ? 'extension' : number.isValid() ? null : 'invalid',
    numbering.walk(number.number).operatorId,
  )
}

function facts(
  numbering: Numbering,
  e164: string,
  planCountry: string,
  callingCode: string,
  type: NumberType,
  planProblem: NumberProblem | null,
  operatorId: number,
): NumberFacts {
  const global = GLOBAL_CODES.has(callingCode)
  const country = global ? '001' : planCountry
  const problem = global && planProblem !== 'extension' ? 'global_code' : planProblem
  const operator = operatorId === 0 ? null : numbering.operatorName(operatorId)
  const mobile = type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE'
  const national = callingCode.length + 1
  return {
    e164,
    problem,
    country,
    callingCode,
    type,
    operator,
    allocated:
      operator !== null || problem !== null || !mobile || !numbering.knowsOperators(country),
    operatorRange: `${country || `+${callingCode}`}/${operator ?? e164.slice(national, national + 3)}`,
    block: e164.slice(0, Math.max(national + 1, e164.length - 4)),
    subBlock: e164.slice(0, Math.max(national + 1, e164.length - 3)),
  }
}
