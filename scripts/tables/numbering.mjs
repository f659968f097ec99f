import { buildNumberingPlan } from './numbering-plan.mjs'
import { buildOperators, operatorCoverage } from './operators.mjs'

/**
 * From this share of its mobile numbers on, a country's operators count as known, and a number outside them as held by
 * nobody. Below it the gaps are operators that the data does not know: all of +7 91x (MTS; Russia is covered to 56 %)
 * and of +39 35x (Iliad; Italy 67 %) would be called unallocated. Above 90 % they are unassigned or days-old ranges.
 */
const KNOWN_FROM = 0.9

/** Everything `src/phone/numbering.ts` reads. */
export function buildNumbering() {
  const plan = buildNumberingPlan()
  const operators = buildOperators()
  const coverage = operatorCoverage(plan, operators)
  return {
    tables: {
      planNext: small(plan.automaton.next),
      planValue: small(plan.automaton.value),
      operatorNext: small(operators.automaton.next),
      operatorValue: small(operators.automaton.value),
    },
    facts: {
      planRoot: plan.root,
      operatorRoot: operators.root,
      classes: plan.classes,
      operators: operators.names,
      operatorsKnown: [...coverage]
        .filter(([, share]) => share >= KNOWN_FROM)
        .map(([country]) => country)
        .sort(),
    },
  }
}

function small(numbers) {
  const array = Uint16Array.from(numbers)
  if (array.some((n, i) => n !== numbers[i]))
    throw new Error('more than 65,535 nodes: widen the tables to 32 bits')
  return array
}
