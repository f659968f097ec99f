import { HOUR } from '../../engine/units.js'
import type { Cells } from '../memory/records.js'
import { WIDE_WORDS } from '../memory/records.js'

/**
 * What a line has in flight, by the hour of its charges: this hour's and the one before. Every charge is settled when
 * it matures, after ten minutes at most; what a gateway that died has charged without a record is never settled, and
 * must not stay for ever. It goes after one to two hours.
 *
 * In the cells of a line: the later hour's amount where the embedded store has all that is reserved, the one before in
 * the words that there hold the record's key, and the number of the later hour.
 */
export const IN_FLIGHT_MS = HOUR

interface Places {
  amounts: Float32Array | Float64Array
  current: number
  before: number
  hour: number
}

const places: Places = { amounts: new Float32Array(0), current: 0, before: 0, hour: 0 }

function placesOf(cells: Cells, at: number): Places {
  const wide = cells.words === WIDE_WORDS
  places.amounts = wide ? cells.f64 : cells.f32
  places.current = wide ? at / 2 + 6 : at + 7
  places.before = wide ? at / 2 + 7 : at + 1
  places.hour = wide ? at + 3 : at
  return places
}

const hourOf = (ms: number): number => Math.floor(ms / IN_FLIGHT_MS)

/** Adds to (or takes from) what was charged at `chargedAt`. What is gone by its age is not taken a second time. */
export function addInFlight(cells: Cells, at: number, amount: number, chargedAt: number): void {
  const { amounts, current, before, hour } = placesOf(cells, at)
  const { u32 } = cells
  const charged = hourOf(chargedAt)
  const behind = charged - (u32[hour] as number)
  if (behind > 0) {
    if (amount <= 0) return
    amounts[before] = behind === 1 ? (amounts[current] as number) : 0
    amounts[current] = 0
    u32[hour] = charged
  }
  // gateways whose clocks differ charge into an hour that another has closed: it is the hour before. A clock that has
  // stepped further back charges into the hour there is, and what it settles of an hour that is gone is gone too
  if (behind < -1 && amount < 0) return
  const i = behind === -1 ? before : current
  const left = (amounts[i] as number) + amount
  amounts[i] = left <= Math.abs(amount) * 1e-6 ? 0 : left
}

/** What is in flight at `now`; a clock that steps back frees nothing. */
export function inFlight(cells: Cells, at: number, now: number): number {
  const { amounts, current, before, hour } = placesOf(cells, at)
  const behind = hourOf(now) - (cells.u32[hour] as number)
  if (behind > 1) return 0
  return (amounts[current] as number) + (behind === 1 ? 0 : (amounts[before] as number))
}
