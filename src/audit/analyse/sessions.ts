import { MINUTE } from '../../engine/units.js'
import type { Columns } from '../message-log.js'
import { OUTCOME, STATUS } from '../message-log.js'

/** A number that asks again within so long is still in its session: only the first attempt counts (Signal's rule). */
const SESSION_MS = 10 * MINUTE
/** Slots looked at for a number; beyond them the oldest session is given up. */
const PROBES = 8
const MOST_SLOTS = 2 ** 20

/** Bits of a session, kept at its first row. */
export const SESSION = { verified: 1, unverified: 2, failed: 4, outage: 8 } as const

/** It has an outcome that says something: none from an outage does. */
export function isKnown(state: number): boolean {
  const bits = state & (SESSION.verified | SESSION.unverified | SESSION.outage)
  return bits === SESSION.verified || bits === SESSION.unverified
}

export interface Sessions {
  /** per row: the first row of its session; its own place where it is the first */
  first: Uint32Array
  /** per first row: bits of SESSION */
  state: Uint8Array
}

/**
 * Joins resends to the session they belong to. Whose last digits are masked cannot be told apart, so each message is a
 * session of its own there. Remembers the sessions of ten minutes, whatever the length of the log.
 */
export function joinSessions(columns: Columns, order: Uint32Array): Sessions {
  const size = order.length
  const first = new Uint32Array(size)
  const state = new Uint8Array(size)
  const slots = Math.min(MOST_SLOTS, 2 ** Math.ceil(Math.log2(2 * size + 16)))
  const mask = slots - 1
  // row + 1; 0: free
  const table = new Uint32Array(slots + PROBES)
  const { at, number, masked, outcome, status } = columns

  function firstOf(row: number): number {
    if ((masked[row] as number) > 0) return row
    const wanted = number[row] as number
    const since = (at[row] as number) - SESSION_MS
    let slot = Math.imul((wanted % 4_294_967_291) | 0, 0x9e3779b1) >>> 8
    slot &= mask
    let free = slot
    let oldest = Number.POSITIVE_INFINITY
    for (let i = slot; i < slot + PROBES; i++) {
      const kept = (table[i] as number) - 1
      const begun = kept < 0 ? Number.NEGATIVE_INFINITY : (at[kept] as number)
      if (kept >= 0 && begun >= since && number[kept] === wanted) return kept
      if (begun < oldest) {
        oldest = begun
        free = i
      }
    }
    table[free] = row + 1
    return row
  }

  for (let i = 0; i < size; i++) {
    const row = order[i] as number
    const head = firstOf(row)
    first[row] = head
    let bits = state[head] as number
    if (outcome[row] === OUTCOME.verified) bits = (bits | SESSION.verified) & ~SESSION.unverified
    else if (outcome[row] === OUTCOME.unverified && (bits & SESSION.verified) === 0)
      bits |= SESSION.unverified
    // it failed when every message of it did
    if (head === row && status[row] === STATUS.failed) bits |= SESSION.failed
    else if (status[row] !== STATUS.failed) bits &= ~SESSION.failed
    state[head] = bits
  }
  return { first, state }
}
