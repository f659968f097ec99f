import { LINES, SUBJECTS } from '../../engine/policy.js'
import { emptySource } from '../../engine/signals/counters.js'
import { type Gathered, LINE_WIDTH, type Query } from '../../engine/state.js'
import type { KeyHashes } from '../memory/keys.js'
import { emptyState, finishCounters, SOURCES } from '../memory/layout.js'
import { ABSENT, type Access, readRecord } from '../memory/record-access.js'
import type { Entity, Plan } from './entities.js'
import { type Both, cellsFor } from './fold.js'
import { inFlight } from './in-flight.js'

/** What a request reads: its state, filled entity by entity. Its arrays are its own. */
export interface Reading {
  access: Access
  state: Gathered
}

export function startReading(
  plan: Plan,
  query: Query,
  hashes: KeyHashes,
  seed: number,
  now: number,
): Reading {
  const state = emptyState(query.layout)
  for (const name of SOURCES)
    if (query.keys[(SUBJECTS as readonly string[]).indexOf(name)] !== '')
      state.counters[name] = emptySource()
  // its own value counts in a distinct count that nobody has counted in
  const access: Access = { query, state, hashes, seed, now }
  for (const entity of plan.entities) {
    if (query.keys[entity.subject] === '') continue
    for (const { record } of entity.records)
      if (record.is === 'distinct') readRecord(access, NOTHING, ABSENT, record)
  }
  return { access, state }
}

const NOTHING = {
  u32: new Uint32Array(0),
  f32: new Float32Array(0),
  f64: new Float64Array(0),
  words: 8,
}

/** What the cells of an entity say at the time of the request. */
export function readEntity(
  { access, state }: Reading,
  entity: Entity,
  cells: Both,
  at: number,
): void {
  for (const placed of entity.records) {
    const { record } = placed
    const slots = cellsFor(cells, placed)
    const slot = at + placed.offset
    // a source that has sent nothing yet has no delays, whatever its line says
    const isBlank = record.is === 'source' && slots.u32[slot + 2] === 0
    readRecord(access, slots, isBlank ? ABSENT : slot, record)
    if (record.is === 'line')
      state.lines[record.index * LINE_WIDTH + 4] = inFlight(slots, slot, access.now)
  }
}

export function finishReading(plan: Plan, { state }: Reading): Gathered {
  finishCounters(
    state,
    plan.placed.sources.flatMap(({ name, numbers, countries }) => {
      const counters = state.counters[name]
      return counters === null ? [] : [{ counters, numbers, countries }]
    }),
  )
  return state
}

/** A charge that was made on this state fits under every ceiling. */
export function fitsUnder(state: Gathered, costs: Float64Array, ceilings: Float64Array): boolean {
  for (let i = 0; i < LINES.length; i++) {
    const cost = costs[i] as number
    const ceiling = ceilings[i] as number
    if (cost === 0 || ceiling === Number.POSITIVE_INFINITY) continue
    // half a millionth of slack: 32-bit floats round what 64-bit arithmetic decided
    if ((state.lines[i * LINE_WIDTH + 4] as number) + cost > ceiling * (1 + 5e-7)) return false
  }
  return true
}
