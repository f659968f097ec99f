import { LINES } from '../../engine/policy.js'
import { type Gathered, LINE_WIDTH, type Query } from '../../engine/state.js'
import { createKeyHashes } from '../memory/keys.js'
import { finishCounters, refilled, type Wanted } from '../memory/layout.js'
import { ABSENT, blankState, readRecord } from '../memory/record-access.js'
import type { Asked } from './asked.js'
import type { Entity, Placed } from './entities.js'
import { type Both, cellsFor } from './fold.js'
import { inFlight } from './in-flight.js'
import type { Reading } from './reading.js'

/** A state as it is before anything is read into it: of one that nobody reads any more, where there is one. */
export function startReading(
  { plan, query, numberBit, countryBit, seed }: Asked,
  now: number,
): Reading {
  const reading = plan.idle.pop() ?? makeReading(query)
  blankState(reading, query)
  const { access } = reading
  access.query = query
  access.seed = seed
  access.now = now
  access.hashes.numberBit = numberBit
  access.hashes.countryBit = countryBit
  return reading
}

function makeReading(query: Query): Reading {
  const made = refilled(query.layout)
  const { state } = made
  return { ...made, access: { query, state, hashes: createKeyHashes(), seed: 0, now: 0 } }
}

const NOTHING = {
  u32: new Uint32Array(0),
  f32: new Float32Array(0),
  f64: new Float64Array(0),
  words: 8,
}

/** A key of which nothing is kept: the request's own value counts in a distinct count, and that is all. */
export function readBlank({ access }: Reading, { blank }: Entity): void {
  for (let i = 0; i < blank.length; i++) readRecord(access, NOTHING, ABSENT, blank[i] as Wanted)
}

/** What the cells of an entity say at the time of the request. */
export function readEntity(
  { access, state }: Reading,
  { records }: Entity,
  cells: Both,
  at: number,
): void {
  for (let i = 0; i < records.length; i++) {
    const placed = records[i] as Placed
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

export const finishReading = ({ state, sources }: Reading): void => finishCounters(state, sources)

/** A charge that was made on this state fits under every ceiling. */
export function fitsUnder(
  state: Gathered,
  costs: ArrayLike<number>,
  ceilings: ArrayLike<number>,
): boolean {
  for (let i = 0; i < LINES.length; i++) {
    const cost = costs[i] as number
    const ceiling = ceilings[i] as number
    if (cost === 0 || ceiling === Number.POSITIVE_INFINITY) continue
    // half a millionth of slack: 32-bit floats round what 64-bit arithmetic decided
    if ((state.lines[i * LINE_WIDTH + 4] as number) + cost > ceiling * (1 + 5e-7)) return false
  }
  return true
}
