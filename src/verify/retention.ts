import { HOUR, MINUTE } from '../engine/units.js'
import { collection } from '../ledger/collection.js'
import type { Ledger } from '../ledger/port.js'
import type { UpkeepJob } from './upkeep.js'

/** Ages at which records are deleted, ms. */
export interface RetentionAges {
  requests: number
  verifications: number
}

/** How often it is looked whether it is time, and so long after a start for the first time. */
const LOOK_MS = 2 * MINUTE
const EVERY_MS = HOUR
const LAST = 'last'

/**
 * Deletes what is old once an hour, by the gateway that leads. When that was is in the ledger: restarts neither put it
 * off nor bring it forward.
 */
export function createRetention({
  ledger,
  ages,
  leads,
  clock,
}: {
  ledger: Ledger
  ages: RetentionAges
  leads: () => boolean
  clock: () => number
}): UpkeepJob {
  const runs = collection<object>(ledger, 'retention')
  return {
    everyMs: LOOK_MS,
    async run(stopped) {
      if (!leads()) return
      const now = clock()
      const last = (await runs.get(LAST))?.at
      // a clock that was set back must not put it off until then
      if (last !== undefined && last <= now && now - last < EVERY_MS) return
      try {
        await ledger.retain(ages, now, stopped)
      } finally {
        // what went wrong is told, and tried again in an hour; what was cut short goes on after the start
        if (stopped?.aborted !== true) await runs.put({ id: LAST, at: now, value: {} })
      }
    },
  }
}
