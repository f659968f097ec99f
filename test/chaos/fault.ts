import { RECOVERY_LIMIT_MS, recoveryMs } from './invariants.js'
import type { FaultSpan } from './record.js'
import type { Stage } from './stage.js'

/** One thing that breaks, for a while. */
export interface Fault<S extends Stage = Stage> {
  /** as `--only` takes it */
  name: string
  /** what is broken, for the table */
  what: string
  /** how long it lasts, ms. @default 5,000 */
  holdMs?: number
  /** how far a clock is moved, ms */
  clockMs?: number
  /** why it cannot be played on this machine; `null` where it can */
  cannot?: () => string | null
  /** what an earlier fault may have left to wait for */
  ready?(stage: S): Promise<unknown>
  begin(stage: S): Promise<unknown> | unknown
  end(stage: S): Promise<unknown> | unknown
}

const HOLD_MS = 5_000
/** Each fault is followed by this much quiet, in which the attack must get nothing, ms. */
const QUIET_MS = 3_000
/** Longer than the limit, so that what comes late is seen and not only missed. */
const WAIT_MS = RECOVERY_LIMIT_MS + 10_000

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Breaks one thing, mends it, waits until all gateways serve again, and a little longer. */
export async function play<S extends Stage>(stage: S, fault: Fault<S>): Promise<FaultSpan> {
  await fault.ready?.(stage)
  const from = performance.now()
  await fault.begin(stage)
  await pause(fault.holdMs ?? HOLD_MS)
  // what has to start again is part of the recovery
  const span: FaultSpan = {
    name: fault.name,
    from,
    until: performance.now(),
    end: Number.POSITIVE_INFINITY,
    gateways: stage.gateways.map(({ index }) => index),
    clockMs: fault.clockMs ?? 0,
  }
  await fault.end(stage)
  while (recoveryMs(stage.attempts, span) === null && performance.now() < span.until + WAIT_MS)
    await pause(100)
  await pause(QUIET_MS)
  span.end = performance.now()
  return span
}
