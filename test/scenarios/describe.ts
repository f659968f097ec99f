import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compilePolicy, FIRST_SOURCE_LINE, LINE_INDEX } from '../../src/engine/compile.js'
import { USD } from '../../src/engine/units.js'
import { play } from './play.js'
import { policyOf, read, type Scenario } from './scenario.js'

/**
 * Timelines through the production core under virtual time. Each file states exactly how many messages went out, what
 * they cost and how many requests were challenged and denied; attacks and traps are held to the product's promises too.
 */
const scenarios = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.yaml') && name !== 'background.yaml')
  .map((file) => read<Scenario>(file))

type Kind = 'attack' | 'trap'
const kindOf = ({ trap }: Scenario): Kind => (trap === undefined ? 'attack' : 'trap')

/** Twice the opening credit of the leaking lines, micro-USD. */
function mayLeak(scenario: Scenario): number {
  if (scenario.leak === undefined) return Number.POSITIVE_INFINITY
  const { line, lines, outside, country } = scenario.leak
  const service = compilePolicy(policyOf(scenario), 1).service('signup')
  const i = LINE_INDEX[line]
  const opening = (outside ? service?.openingOutside[i] : service?.opening[i]) ?? 0
  const atLeast = (outside ? service?.atLeastOutside[i] : service?.atLeast[i]) ?? 0
  const price = (scenario.prices[country] ?? 0) * USD
  const money = i < FIRST_SOURCE_LINE ? Math.max(opening, atLeast * price) : opening * price
  return 2 * lines * money
}

/** Describes the scenarios of one kind: a file of tests each, so that they run side by side. */
export function describeScenarios(kind: Kind): void {
  for (const scenario of scenarios.filter((s) => kindOf(s) === kind)) {
    describe(scenario.name, () => {
      it.each(scenario.variants)('$name', { timeout: 120_000 }, async (variant) => {
        const { counts, legit } = await play(scenario, variant)
        expect(counts).toEqual(variant.expect)
        if (scenario.leak !== undefined) {
          const leaked = (counts[scenario.leak.actor]?.usd ?? 0) * USD
          expect(leaked).toBeGreaterThan(0)
          expect(leaked).toBeLessThanOrEqual(mayLeak(scenario))
          expect(legit.denied).toBe(0)
        }
        if (scenario.trap !== undefined) {
          expect(legit.denied).toBe(0)
          expect(legit.challenged).toBeLessThanOrEqual(scenario.trap.challengedShare * legit.asked)
        }
      })
    })
  }
}
