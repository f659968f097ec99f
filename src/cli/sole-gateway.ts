import { setTimeout as sleep } from 'node:timers/promises'
import { SECOND } from '../engine/units.js'
import type { LeaseStore } from '../ledger/leases.js'
import type { UpkeepJob } from '../verify/upkeep.js'
import { storeFault } from './fault.js'

const TTL_MS = 10 * SECOND
const RENEW_MS = 3 * SECOND
/** A gateway that was killed and is started again finds its own lease, until it ends. */
const PATIENCE_MS = TTL_MS + 2 * SECOND

/**
 * A gateway with lines of its own on a ledger that others can reach must be the only one: two would each give every
 * range its credit. It has the lease that the leader of a cluster would have.
 * @returns keeps the lease
 * @throws CliFault while another gateway is at work
 */
export async function soleGateway(
  leases: LeaseStore,
  holder: string,
  onError: (error: Error) => void,
): Promise<UpkeepJob> {
  const until = performance.now() + PATIENCE_MS
  while (!(await leases.lease('leader', holder, TTL_MS))) {
    if (performance.now() > until)
      throw storeFault(
        'another gateway is at work on this ledger, and the lines of this one are its own: both would give the same credit',
        'give all of them lines: redis://..., or stop the other one',
      )
    await sleep(SECOND)
  }
  return {
    everyMs: RENEW_MS,
    async run() {
      if (await leases.lease('leader', holder, TTL_MS)) return
      onError(
        new Error(
          'another gateway has begun to work on this ledger while the lines of this one are its own: stop one of them, or give both lines: redis://...',
        ),
      )
    },
  }
}
