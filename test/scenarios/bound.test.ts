import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generated, sharesOf } from './generated-attacks.js'

/**
 * 10,000 generated attacks never cost more than `policy bound` states: per block, operator, country, abroad and in all,
 * in every hour and every day. None of them verifies a code; most solve their challenges, rotate everything and come back
 * at the very moment at which decay frees room.
 */
const ATTACKS = 10_000
const PARTS = 5
const seconds = 120_000
describe('the worst-case bound of a policy', () => {
  for (let part = 0; part < PARTS; part++) {
    it(`holds against generated attacks, part ${part + 1} of ${PARTS}`, {
      timeout: seconds,
    }, () => {
      fc.assert(
        fc.property(generated(part), (attack) => {
          for (const [what, share] of Object.entries(sharesOf(...attack)))
            if (share > 1 + 1e-9) throw new Error(`${what} reached ${share} times its bound`)
        }),
        { seed: 20_261_116 + part, numRuns: ATTACKS / PARTS },
      )
    })
  }

  it('is no idle promise: such attacks come near it', { timeout: seconds }, () => {
    const most = { block: 0, operator: 0, country: 0, abroad: 0, all: 0 }
    for (const attack of fc.sample(generated(1), { seed: 7, numRuns: 1_000 })) {
      const shares = sharesOf(...attack)
      for (const what of Object.keys(most) as (keyof typeof most)[])
        most[what] = Math.max(most[what], shares[what])
    }
    expect(most.country).toBeGreaterThan(0.9)
    expect(most.abroad).toBeGreaterThan(0.8)
    expect(most.all).toBeGreaterThan(0.9)
    expect(most.operator).toBeGreaterThan(0.5)
    // three messages for one charge on every number of a block need an attacker who asks them one by one
    expect(most.block).toBeGreaterThan(0.5)
  })
})
