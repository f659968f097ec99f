import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Apart } from '../../src/engine/bound.js'
import { generated, sharesOf } from './generated-attacks.js'

/**
 * Gateways that lost their shared lines, all at once, each on lines of its own: generated attacks that try one after the
 * other never cost more than `policy bound` states for that, per block, operator, country, abroad and in all.
 */
const ATTACKS = 500
const seconds = 120_000

const apart: fc.Arbitrary<Apart> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom(1, 1, 1, 0.5, 2))
  .map(([gateways, of]) => ({ gateways, share: Math.min(1, of / gateways) }))

describe('the bound of gateways that lost their shared lines', () => {
  it('holds against generated attacks on all of them', { timeout: seconds }, () => {
    fc.assert(
      fc.property(generated(1), apart, (attack, gateways) => {
        for (const [what, share] of Object.entries(sharesOf(...attack, gateways)))
          if (share > 1 + 1e-9) throw new Error(`${what} reached ${share} times its bound`)
      }),
      { seed: 20_261_121, numRuns: ATTACKS },
    )
  })

  it('is no idle promise: such attacks come near it', { timeout: seconds }, () => {
    const most = { block: 0, operator: 0, country: 0, abroad: 0, all: 0 }
    for (const attack of fc.sample(generated(1), { seed: 7, numRuns: 300 })) {
      const shares = sharesOf(...attack, { gateways: 3, share: 1 / 3 })
      for (const what of Object.keys(most) as (keyof typeof most)[])
        most[what] = Math.max(most[what], shares[what])
    }
    expect(most.country).toBeGreaterThan(0.8)
    expect(most.abroad).toBeGreaterThan(0.7)
    expect(most.all).toBeGreaterThan(0.8)
  })
})
