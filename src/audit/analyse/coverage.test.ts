import { expect, it } from 'vitest'
import { SHAPES, shapedLog } from '../../../test/fakes/log-shapes.js'
import { createWorld } from '../../lab/world/create-world.js'
import { analyse } from './analyse.js'

const world = createWorld()
const SEEDS = Array.from({ length: 12 }, (_, i) => 500 + i)

/** A fortnight of a small business, so that the interval is wide enough to be judged. */
const { operator } = SHAPES
const FORTNIGHT = {
  ...operator,
  days: 14,
  people: { ...operator.people, sessionsPerDay: 300 },
  attacks: operator.attacks.map((attack) => ({
    ...attack,
    day: 9,
    phases: attack.phases.map((phase) => ({ ...phase, attempts: 500 })),
  })),
}

it('the 90 % interval holds the truth of an attack all over an operator in at least 9 of 12 logs', () => {
  let held = 0
  for (const seed of SEEDS) {
    const { log, fraudMoney } = shapedLog({ ...FORTNIGHT, world, seed })
    const { low, high, value } = analyse(log, { markets: [], currency: 'USD' }).fraud.money
    // an interval that says nothing would hold it as well
    expect(high - low).toBeLessThan(0.25 * value)
    if (low <= fraudMoney && fraudMoney <= high) held++
  }
  expect(held).toBeGreaterThanOrEqual(9)
}, 30_000)
