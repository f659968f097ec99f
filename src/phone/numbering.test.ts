import { createRequire } from 'node:module'
import fc from 'fast-check'
import metadata from 'libphonenumber-js/max/metadata'
import { describe, expect, test } from 'vitest'
import { readTables } from '../tables/read.js'
import { loadNumbering } from './numbering.js'
import { fromPlan, parseInFull } from './parse.js'

/** As much of Google's library as is used here; it has no types of its own. */
interface Google {
  PhoneNumberUtil: { getInstance(): GoogleUtil }
  PhoneNumberType: Record<string, number>
}
interface GoogleUtil {
  parse(number: string): object
  isValidNumber(number: object): boolean
  getNumberType(number: object): number
  getRegionCodeForNumber(number: object): string
}

const google: Google = createRequire(import.meta.url)('google-libphonenumber')
const numbering = loadNumbering()
const { nonGeographic } = metadata as unknown as { nonGeographic: Record<string, unknown> }
const callingCodes = [...Object.keys(metadata.country_calling_codes), ...Object.keys(nonGeographic)]

/**
 * One number for every transition of the plan's automaton: the shortest way to its state, the digit, and digits that
 * lead on to a valid number where there are any.
 */
function everyTransition(): string[] {
  const tables = readTables<{ planRoot: number }>(
    new URL('./generated/', import.meta.url),
    'numbering',
  )
  const next = tables.u16('planNext')
  const value = tables.u16('planValue')
  const on = (node: number, digit: number) => next[node * 10 + digit] ?? 0
  let seed = 20261121
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32
  }
  const complete = (node: number) => {
    let digits = ''
    for (let at = node; value[at] === 0 || random() < 0.2; ) {
      const ways = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((digit) => on(at, digit) !== 0)
      const digit = ways[Math.floor(random() * ways.length)]
      if (digit === undefined) break
      digits += digit
      at = on(at, digit)
    }
    return digits
  }
  const ways = new Map([[tables.facts.planRoot, '+']])
  const numbers: string[] = []
  for (const [node, way] of ways) {
    for (let digit = 0; digit < 10; digit++) {
      const to = on(node, digit)
      numbers.push(
        way + digit + (to === 0 ? String(random()).slice(2, 2 + random() * 12) : complete(to)),
      )
      if (to !== 0 && !ways.has(to)) ways.set(to, way + digit)
    }
  }
  return numbers
}

const numbers = everyTransition()

describe('the automaton of the numbering plans', () => {
  test('says what a full parse says, over every transition it has', () => {
    expect(numbers.length).toBeGreaterThan(100_000)
    const different: unknown[] = []
    let fast = 0
    for (const number of numbers) {
      const quick = fromPlan(numbering, number)
      if (quick === null) continue
      fast++
      const full = parseInFull(numbering, number)
      if (JSON.stringify(quick) !== JSON.stringify(full)) different.push({ quick, full })
    }
    expect(different.slice(0, 5)).toEqual([])
    expect(fast).toBeGreaterThan(50_000)
  })

  test('leaves out only what is invalid or may begin with a national prefix', () => {
    const left: string[] = []
    for (const number of numbers) {
      if (fromPlan(numbering, number) !== null) continue
      const full = parseInFull(numbering, number)
      // Some plans allow more digits than E.164 does.
      if (full.problem !== null || full.e164 !== number || number.length > 16) continue
      const main = metadata.country_calling_codes[full.callingCode]?.[0]
      const plan = main === undefined ? undefined : metadata.countries[main]
      const prefix = plan?.[7] || plan?.[5]
      const national = number.slice(1 + full.callingCode.length)
      if (!prefix || !new RegExp(`^(?:${prefix.replaceAll('$', '')})`).test(national)) {
        left.push(number)
      }
    }
    expect(left).toEqual([])
  })

  test('says what a full parse says of any digits', () => {
    const digits = fc
      .tuple(
        fc.constantFrom(...callingCodes),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 0, maxLength: 16 }),
      )
      .map(([code, national]) => `+${code}${national.join('')}`)
    fc.assert(
      fc.property(digits, (number) => {
        const quick = fromPlan(numbering, number)
        if (quick !== null) expect(quick).toEqual(parseInFull(numbering, number))
      }),
      { numRuns: 20_000, seed: 7 },
    )
  })

  test('agrees with Google on country and type of valid numbers', () => {
    const util = google.PhoneNumberUtil.getInstance()
    const typeNames = Object.entries(google.PhoneNumberType)
    let both = 0
    const different: string[] = []
    for (let i = 0; i < numbers.length; i += 11) {
      const number = numbers[i] ?? ''
      const quick = fromPlan(numbering, number)
      if (quick === null) continue
      const parsed = util.parse(number)
      // The two packages carry metadata of different months: a range may be new in one.
      if (!util.isValidNumber(parsed)) continue
      both++
      const type = typeNames.find(([, value]) => value === util.getNumberType(parsed))?.[0]
      const country = util.getRegionCodeForNumber(parsed)
      if (type !== quick.type || country !== quick.country) {
        different.push(`${number}: ${country} ${type}, ours ${quick.country} ${quick.type}`)
      }
    }
    expect(both).toBeGreaterThan(5_000)
    // Every transition counts alike here, so that ranges changed of late weigh far more than in traffic.
    expect(different.length / both, different.slice(0, 20).join('\n')).toBeLessThan(0.01)
  })
})
