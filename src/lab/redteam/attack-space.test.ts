import { describe, expect, it } from 'vitest'
import { DAY } from '../../engine/units.js'
import { createRandom } from '../random.js'
import {
  ATTACKERS,
  attackOf,
  attemptsGene,
  blocksGene,
  dimensionsOf,
  fold,
  geneIndex,
  MOST_BLOCKS,
  type Place,
} from './attack-space.js'

const places: Place[] = ['NG', 'GB', 'LK'].map((country, i) => ({
  country,
  priceMicroUsd: 100_000 - i,
  blocks: i === 2 ? 5 : MOST_BLOCKS,
}))
const field = { places, mostAttempts: 20_000 }
const middle = (change: Readonly<Record<string, number>> = {}): number[] => {
  const genes = Array.from({ length: dimensionsOf('range-holder') }, () => 0.5)
  for (const [name, value] of Object.entries(change)) genes[geneIndex(name)] = value
  return genes
}

describe('genes', () => {
  it('always make an attack that can be made, within its day, and that survives JSON', () => {
    const random = createRandom(4)
    for (const kind of ATTACKERS) {
      for (let i = 0; i < 300; i++) {
        const genes = Array.from({ length: dimensionsOf(kind) }, () => 3 * random.next() - 1)
        const attack = attackOf(genes, kind, field)
        expect(JSON.parse(JSON.stringify(attack))).toEqual(attack)
        let until = 0
        for (const { startMs, durationMs, attempts, verifies } of attack.phases) {
          expect(startMs).toBeGreaterThanOrEqual(until)
          expect(attempts).toBeGreaterThan(0)
          until = startMs + durationMs
          if (kind === 'verifies-nothing') expect(verifies).toBeUndefined()
        }
        expect(until).toBeLessThanOrEqual(DAY)
        for (const target of attack.destinations.targets) {
          const place = places.find(({ country }) => country === target.country)
          if (target.kind !== 'blocks' || place === undefined) throw new Error('not of the places')
          expect(target.count).toBeGreaterThanOrEqual(1)
          expect(target.count).toBeLessThanOrEqual(place.blocks)
        }
      }
    }
  })

  it('outside 0 to 1 are folded back, without a jump', () => {
    expect([-0.25, 0.25, 1.75, 2.25, -2.25].map(fold)).toEqual([0.25, 0.25, 0.25, 0.25, 0.25])
    expect(fold(1)).toBe(1)
    expect(fold(1 + 1e-9)).toBeCloseTo(1, 8)
  })

  it('can be written down for an attack that was thought of', () => {
    const attack = attackOf(
      middle({
        attempts: attemptsGene(1_234, field),
        blocks: blocksGene(77),
        countries: 0,
        firstCountry: 0.4,
        trust: 1,
      }),
      'range-holder',
      field,
    )
    expect(attack.phases).toMatchObject([{ attempts: 1_234, verifies: { share: 0.5 } }])
    expect(attack.destinations.targets).toEqual([{ kind: 'blocks', country: 'GB', count: 77 }])
  })

  it('let trust be built first and burnt afterwards', () => {
    const { phases } = attackOf(middle({ trust: 0.4 }), 'outsider', field)
    expect(phases).toHaveLength(2)
    expect(phases[0]?.verifies).toBeDefined()
    expect(phases[1]?.verifies).toBeUndefined()
    const share =
      (phases[0]?.durationMs ?? 0) / ((phases[1]?.durationMs ?? 0) + (phases[0]?.durationMs ?? 0))
    expect(share).toBeCloseTo(0.4, 3)
  })
})
