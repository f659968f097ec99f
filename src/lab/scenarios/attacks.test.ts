import { describe, expect, it } from 'vitest'
import { DAY } from '../../engine/units.js'
import { loadNumbering } from '../../phone/numbering.js'
import { attacker } from '../actors/attack.js'
import { createRandom, type Random } from '../random.js'
import type { TrafficRow } from '../traffic.js'
import { createWorld } from '../world/create-world.js'
import type { World } from '../world/world.js'
import { ATTACKS } from './attacks.js'
import type { AttackScenario } from './attacks-scenario.js'

const FROM = Date.UTC(2026, 2, 10)

const digits = (random: Random, n: number): string => String(random.below(10 ** n)).padStart(n, '0')
/** Numbers that only look like numbers: rates and shares do not depend on the plan. */
const world: World = {
  number: (country, random) => `+${country}${digits(random, 8)}`,
  blocks: (country, n) => Array.from({ length: n }, (_, i) => `+${country}${i}-`),
  numberIn: (block, random, nth) => block + (nth ?? digits(random, 4)),
  address: (country, access, random) => `${country}/${access}/${random.below(2 ** 32)}`,
  price: () => 100_000,
}

function rowsOf(scenario: AttackScenario): TrafficRow[] {
  const rows: TrafficRow[] = []
  for (const data of scenario.actors) {
    const actor = attacker(data, { world, from: FROM, seed: 11 })
    while (actor.nextAt() < Number.POSITIVE_INFINITY) {
      const { row } = actor.ask()
      rows.push(row)
      actor.told?.(row, 'sent')
    }
  }
  return rows
}

describe('the attacks', () => {
  it('are at least twenty, named once, in two sets of about one half', () => {
    const names = ATTACKS.map((s) => s.name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThanOrEqual(20)
    const tuned = ATTACKS.filter((s) => s.set === 'tune').length / names.length
    expect(tuned).toBeGreaterThan(0.4)
    expect(tuned).toBeLessThan(0.6)
  })

  it('are plain data with a story and a source', () => {
    expect(JSON.parse(JSON.stringify(ATTACKS))).toEqual(ATTACKS)
    for (const { story, source } of ATTACKS) {
      expect(story.length).toBeGreaterThan(60)
      expect(source.length).toBeGreaterThan(20)
    }
  })

  it.each(ATTACKS)('$name fits its days and keeps to its size', (scenario) => {
    const rows = rowsOf(scenario)
    const planned = scenario.actors.flatMap((a) => a.phases).reduce((n, p) => n + p.attempts, 0)
    // Hill climbers end when their plan is spent; everybody else makes nearly all of it.
    expect(rows.length).toBeGreaterThan(0.9 * planned)
    expect(rows.length).toBeLessThanOrEqual(Math.min(planned, 20_000))
    expect(rows.length).toBeGreaterThan(1_900)
    expect(scenario.days).toBeLessThanOrEqual(4)
    expect(rows[0]?.at).toBeGreaterThanOrEqual(FROM - scenario.warmDays * DAY)
    expect(rows.at(-1)?.at).toBeLessThanOrEqual(FROM + (scenario.days - scenario.warmDays) * DAY)
  })

  it('that enter codes enter the share that their title says', () => {
    const entered = (name: string): number => {
      const rows = rowsOf(ATTACKS.find((s) => s.name === name) as AttackScenario)
      return rows.filter((r) => r.potential.verifiedMs !== null).length / rows.length
    }
    expect(entered('verifies-40')).toBeCloseTo(0.4, 1)
    expect(entered('verifies-75')).toBeCloseTo(0.75, 1)
    expect(entered('verifies-95')).toBeCloseTo(0.95, 1)
    expect(entered('trust-then-burn')).toBeCloseTo(0.07, 2)
    expect(entered('four-blocks')).toBe(0)
  })

  it('send to mobile numbers of the countries they name, on the real numbering plans', () => {
    const numbering = loadNumbering()
    const real = createWorld()
    for (const { actors } of ATTACKS)
      for (const data of actors) {
        const countries = new Set(data.destinations.targets.map((t) => t.country))
        const actor = attacker(data, { world: real, from: FROM, seed: 4 })
        for (let i = 0; i < 200; i++) {
          const { to } = actor.ask().row
          const place = numbering.walk(to).numberClass
          expect(place?.type, `${data.campaign} ${to}`).toContain('MOBILE')
          expect(countries, to).toContain(place?.country)
        }
      }
  })

  it('of an operator stay with one operator', () => {
    const numbering = loadNumbering()
    const random = createRandom(2)
    for (const target of ATTACKS.flatMap((s) => s.actors[0]?.destinations.targets ?? [])) {
      if (target.kind !== 'operator') continue
      const operators = new Set<number>()
      for (const prefix of target.prefixes)
        for (let i = 0; i < 100; i++)
          operators.add(numbering.walk(prefix + digits(random, 4 + target.digits)).operatorId)
      expect(operators.size).toBe(1)
    }
  })
})
