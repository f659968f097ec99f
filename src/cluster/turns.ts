import { setTimeout as sleep } from 'node:timers/promises'
import { SECOND } from '../engine/units.js'
import type { LeaseStore } from '../ledger/leases.js'
import { LedgerError } from '../ledger/port.js'

/** Longest that one turn may take; of a gateway that died in its turn, the others wait this long. */
const TURN_MS = 15 * SECOND
const PATIENCE_MS = 20 * SECOND
const RETRY_MS = 25

/** Work that two must not do at the same time, wherever in the cluster they are. */
export interface Turns {
  /** @throws LedgerError 'locked' when nobody gives the turn up */
  take<T>(name: string, work: () => Promise<T>): Promise<T>
}

/** One after the other: in this process by a queue, in the cluster by a lease. */
export function createTurns({
  leases,
  holder,
  monotonic = () => performance.now(),
}: {
  leases: LeaseStore
  holder: string
  monotonic?: () => number
}): Turns {
  const last = new Map<string, Promise<unknown>>()

  async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    const lease = `turn:${name}`
    const begun = monotonic()
    while (!(await leases.lease(lease, holder, TURN_MS))) {
      if (monotonic() - begun > PATIENCE_MS)
        throw new LedgerError('locked', `another gateway has not finished with ${name}; try again`)
      await sleep(RETRY_MS)
    }
    try {
      return await work()
    } finally {
      await leases.releaseLease(lease, holder)
    }
  }

  return {
    take(name, work) {
      const done = (last.get(name) ?? Promise.resolve()).then(() => alone(name, work))
      const settled = done.then(
        () => undefined,
        () => undefined,
      )
      last.set(name, settled)
      void settled.then(() => {
        if (last.get(name) === settled) last.delete(name)
      })
      return done
    },
  }
}
