import { expect, it } from 'vitest'
import { layoutOf } from '../../../test/conformance/lines-arrange.js'
import { DAY } from '../../engine/units.js'
import { Bases } from './bases.js'
import { type Entity, planOf } from './entities.js'
import { headOf } from './value.js'

const entity = planOf(layoutOf()).entities[0] as Entity
const name = { tag: 1, high: 2, low: 3 }
const EVENT_BYTES = 17
const cells = new Uint32Array(entity.words).fill(1)

/** A value is read that has had no new base since: so many events stand behind its head. */
function read(bases: Bases, events: number): void {
  const value = Buffer.concat([headOf(7, 0), Buffer.alloc(events * EVENT_BYTES)])
  bases.offer({ name, entity, from: 0 }, value, events, cells, 0)
}
/** How many new bases go along with a script on the key. */
function taken(bases: Bases): number {
  const args: (string | Buffer)[] = []
  bases.take([name], args)
  return args.length / 5
}

it('a new base goes along once, and once more when the value has grown as if it had never come', () => {
  const bases = new Bases(1, 90 * DAY)
  read(bases, 4)
  expect(taken(bases)).toBe(1)
  expect(taken(bases)).toBe(0)
  // its script is on its way, and others append meanwhile
  read(bases, 5)
  expect(taken(bases)).toBe(0)
  // its script was lost
  read(bases, 12)
  expect(taken(bases)).toBe(1)
  read(bases, 13)
  expect(taken(bases)).toBe(0)
})
