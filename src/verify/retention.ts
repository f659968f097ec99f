import { DAY, HOUR, MINUTE } from '../engine/units.js'
import { farAhead, isFarAhead } from '../ledger/clock-ahead.js'
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
/** A gateway that was off for longer may as well have been started with a clock that is ahead. */
const OFF_MS = 7 * DAY
/** A clock that is ahead is taken to be right when nobody has set it back for so long. */
const BELIEVED_MS = DAY

const runsIn = (ledger: Ledger) => collection<object>(ledger, 'retention')

/** When old records were deleted last, Unix ms; `null`: never. */
export const lastRetention = async (ledger: Ledger): Promise<number | null> =>
  (await runsIn(ledger).get(LAST))?.at ?? null

/** How far a start's clock is ahead of the last retention, where that is longer than a gateway is off; else 0. */
export const aheadOfLast = (last: number | null, now: number): number =>
  last !== null && now - last > OFF_MS ? now - last : 0

/**
 * Deletes what is old once an hour, by the gateway that leads. When that was is in the ledger: restarts neither put it
 * off nor bring it forward. Nothing is deleted by a clock that was set far ahead, until it is back or a day has passed.
 */
export function createRetention({
  ledger,
  ages,
  leads,
  clock,
  monotonic = () => performance.now(),
}: {
  ledger: Ledger
  ages: RetentionAges
  leads: () => boolean
  clock: () => number
  /** ms; never set, never backwards. @default performance.now */
  monotonic?: () => number
}): UpkeepJob {
  const runs = runsIn(ledger)
  const aheadMs = watchAhead(monotonic)
  let refusedAt = Number.NEGATIVE_INFINITY
  return {
    everyMs: LOOK_MS,
    async run(stopped) {
      const now = clock()
      const last = await lastRetention(ledger)
      const ahead = aheadMs(now, last)
      if (!leads()) return
      if (ahead > 0) {
        if (monotonic() - refusedAt < EVERY_MS) return
        refusedAt = monotonic()
        const mend = 'set it right; a clock that stays as it is is believed after a day'
        throw farAhead(ahead, 'the time that has passed', mend)
      }
      // a clock that was set back must not put it off until then
      if (last !== null && last <= now && now - last < EVERY_MS) return
      try {
        await ledger.retain(ages, now, stopped)
      } finally {
        // what went wrong is told, and tried again in an hour; what was cut short goes on after the start
        if (stopped?.aborted !== true) await runs.put({ id: LAST, at: now, value: {} })
      }
    },
  }
}

/**
 * By how much a clock is ahead of what has passed since it was believed, ms; 0 while that is no matter. A database's server
 * has a clock to compare with; the embedded ledger has none but this.
 */
function watchAhead(monotonic: () => number) {
  let base: { wall: number; steady: number } | null = null
  let doubt: { byMs: number; steady: number } | null = null

  return (now: number, last: number | null): number => {
    const steady = monotonic()
    base ??= { wall: now - aheadOfLast(last, now), steady }
    const byMs = now - base.wall - (steady - base.steady)
    if (doubt === null || Math.abs(byMs - doubt.byMs) > HOUR) doubt = { byMs, steady }
    if (isFarAhead(byMs) && steady - doubt.steady < BELIEVED_MS) return byMs
    base = { wall: now, steady }
    doubt = null
    return 0
  }
}
