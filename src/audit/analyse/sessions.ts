import { MINUTE } from '../../engine/units.js'
import type { Columns } from '../message-log.js'
import { OUTCOME, STATUS } from '../message-log.js'
import { hashOfNumber } from './number-hash.js'

/** A number that asks again within so long is still in its session: only the first attempt counts (Signal's rule). */
const SESSION_MS = 10 * MINUTE
/** Slots looked at for a number; beyond them the oldest session is given up. */
const PROBES = 4
const SLOTS = 2 ** 18

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
  const { at, number, masked, outcome, status } = columns
  // what is asked in ten minutes lies close together: a table that fits the cache, not the log
  const numbers = new Float64Array(SLOTS + PROBES)
  const begun = new Float64Array(SLOTS + PROBES).fill(Number.NEGATIVE_INFINITY)
  const rows = new Uint32Array(SLOTS + PROBES)

  function firstOf(row: number): number {
    if ((masked[row] as number) > 0) return row
    const wanted = number[row] as number
    const now = at[row] as number
    const slot = hashOfNumber(wanted) >>> 14
    let free = slot
    for (let i = slot; i < slot + PROBES; i++) {
      if (numbers[i] === wanted && (begun[i] as number) >= now - SESSION_MS)
        return rows[i] as number
      if ((begun[i] as number) < (begun[free] as number)) free = i
    }
    numbers[free] = wanted
    begun[free] = now
    rows[free] = row
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
