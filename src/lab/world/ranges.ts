import type { NumberType } from '../../engine/facts.js'
import { readTables } from '../../tables/read.js'

/** Numbers that begin with `prefix` and have `open` more digits: all of them valid, mobile and one operator's. */
export interface NumberRange {
  /** E.164 with the plus sign */
  prefix: string
  /** digits after the prefix, 4 or more: 10^(open - 4) blocks of 10,000 numbers */
  open: number
}

/** Who holds ranges: a named operator, or (where the plan names none) everybody of three leading national digits. */
export interface RangeHolder {
  name: string
  ranges: NumberRange[]
  blocks: number
}

interface PlanFacts {
  planRoot: number
  operatorRoot: number
  classes: [country: string, callingCode: string, type: NumberType][]
  operators: string[]
  operatorsKnown: string[]
}

/** Digits after the prefix of a block: it holds 10,000 numbers. */
export const BLOCK_DIGITS = 4
/** National digits that stand for an operator where none is named, as in the key of its line. */
const LEADING_DIGITS = 3
/** An E.164 number has at most 15 digits (ITU-T E.164). */
const LONGEST = 15

/**
 * The mobile ranges of a country, read off the automata that numbers are parsed with (`src/phone/generated`): a range is
 * taken where every completion of its prefix is valid and in the hands of one operator.
 */
export function createRangeReader(): (country: string) => RangeHolder[] {
  const tables = readTables<PlanFacts>(
    new URL('../../phone/generated/', import.meta.url),
    'numbering',
  )
  const { planRoot, operatorRoot, classes, operators, operatorsKnown } = tables.facts
  const planNext = tables.u16('planNext')
  const planValue = tables.u16('planValue')
  const operatorNext = tables.u16('operatorNext')
  const operatorValue = tables.u16('operatorValue')
  const known = new Set(operatorsKnown)

  const endsAt = (node: number): boolean => {
    for (let digit = 0; digit < 10; digit++)
      if ((operatorNext[node * 10 + digit] ?? 0) !== 0) return false
    return true
  }

  return (country) => {
    const mobile = new Set<number>()
    const callingCodes = new Set<string>()
    classes.forEach(([of, callingCode, type], id) => {
      if (of !== country) return
      callingCodes.add(callingCode)
      if (type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE') mobile.add(id)
    })
    const whole = new Map<number, boolean>()
    /** every way on over `open` digits ends in a mobile number of the country */
    const isWhole = (node: number, open: number): boolean => {
      if (node === 0) return false
      if (open === 0) return mobile.has(planValue[node] ?? 0)
      const key = node * (LONGEST + 1) + open
      const seen = whole.get(key)
      if (seen !== undefined) return seen
      let all = true
      for (let digit = 0; digit < 10 && all; digit++)
        all = isWhole(planNext[node * 10 + digit] ?? 0, open - 1)
      whole.set(key, all)
      return all
    }

    const ways = new Map<number, number>()
    /** bit n: a mobile number of the country ends n digits on */
    const lengthsOn = (node: number): number => {
      if (node === 0) return 0
      const seen = ways.get(node)
      if (seen !== undefined) return seen
      let bits = mobile.has(planValue[node] ?? 0) ? 1 : 0
      for (let digit = 0; digit < 10; digit++)
        bits |= lengthsOn(planNext[node * 10 + digit] ?? 0) << 1
      ways.set(node, bits)
      return bits
    }

    const holders = new Map<string, RangeHolder>()
    const take = (name: string, prefix: string, open: number): void => {
      const holder = holders.get(name) ?? { name, ranges: [], blocks: 0 }
      holders.set(name, holder)
      holder.ranges.push({ prefix, open })
      holder.blocks += 10 ** (open - BLOCK_DIGITS)
    }
    /** `lengths`: bits of the lengths (all digits) that a shorter prefix took already */
    const visit = (
      plan: number,
      range: number,
      operator: number,
      digits: string,
      national: number,
      lengths: number,
    ): void => {
      const wanted = (lengthsOn(plan) >> BLOCK_DIGITS) << (BLOCK_DIGITS + digits.length)
      if ((wanted & ~lengths) === 0) return
      let taken = lengths
      const nobody = operator === 0 && known.has(country)
      if (endsAt(range) && (operator !== 0 || national >= LEADING_DIGITS)) {
        const name =
          operator === 0
            ? digits.slice(digits.length - national).slice(0, LEADING_DIGITS)
            : (operators[operator] ?? '')
        for (let open = BLOCK_DIGITS; digits.length + open <= LONGEST; open++) {
          const bit = 1 << (digits.length + open)
          if ((wanted & ~taken & bit) === 0 || !isWhole(plan, open)) continue
          taken |= bit
          if (!nobody) take(name, `+${digits}`, open)
        }
      }
      for (let digit = 0; digit < 10; digit++) {
        const below = operatorNext[range * 10 + digit] ?? 0
        const next = `${digits}${digit}`
        visit(
          planNext[plan * 10 + digit] ?? 0,
          below,
          operatorValue[below] || operator,
          next,
          national + 1,
          taken,
        )
      }
    }
    for (const callingCode of callingCodes) {
      let plan = planRoot
      let range = operatorRoot
      for (const digit of callingCode) {
        plan = planNext[plan * 10 + Number(digit)] ?? 0
        range = operatorNext[range * 10 + Number(digit)] ?? 0
      }
      visit(plan, range, 0, callingCode, 0, 0)
    }
    return [...holders.values()].sort((a, b) => b.blocks - a.blocks || (a.name < b.name ? -1 : 1))
  }
}
