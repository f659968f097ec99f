import { MINUTE, SECOND } from '../engine/units.js'
import type { Dependency } from './conditions.js'
import type { UpkeepJob } from './upkeep.js'

export interface ClockWatchOptions {
  /** the clock that everything goes by, Unix ms */
  clock: () => number
  /** ms; never set, never backwards. @default performance.now */
  monotonic?: () => number
  /** a difference between the two that is a step, ms: more than a clock is slewed by in a second (500 ppm) */
  stepMs: number
  /** told of each step: by how much, ms; backwards below 0 */
  onStep: (byMs: number) => void
}

/** How long a step is shown as trouble: a second one is likely, and figures of the time before are off. */
const SHOWN_MS = 10 * MINUTE

/**
 * Sees the clock being set, by what a clock that nobody can set says meanwhile. It mends nothing: other gateways, stores
 * and providers go by the time of day, and one gateway that keeps a time of its own would be the only one that is wrong.
 * What a step does is bounded elsewhere: backwards decays nothing and frees nothing, and no work that is recorded as
 * done is done again; forwards, what is in flight matures early and is repaid when its code comes.
 */
export function createClockWatch({
  clock,
  monotonic = () => performance.now(),
  stepMs,
  onStep,
}: ClockWatchOptions) {
  let wall = clock()
  let steady = monotonic()
  let steps = 0
  let last: { at: number; byMs: number; steady: number } | null = null

  function look(): void {
    const [newWall, newSteady] = [clock(), monotonic()]
    const byMs = Math.round(newWall - wall - (newSteady - steady))
    wall = newWall
    steady = newSteady
    if (Math.abs(byMs) < stepMs) return
    steps++
    last = { at: newWall, byMs, steady: newSteady }
    onStep(byMs)
  }

  return {
    look,
    job: { everyMs: SECOND, run: async () => look() } satisfies UpkeepJob,
    condition(): Dependency {
      const figures = { steps, last_step_ms: last?.byMs ?? 0 }
      if (last === null || monotonic() - last.steady >= SHOWN_MS)
        return { name: 'clock', state: 'ok', since: null, says: '', figures }
      return {
        name: 'clock',
        state: 'degraded',
        since: last.at,
        says: `The clock of this machine was ${stepText(last.byMs)}; see that it is kept by NTP.`,
        figures,
      }
    },
  }
}

/** A step in words, such as "set back by 3600 s". */
export const stepText = (byMs: number): string =>
  `set ${byMs < 0 ? 'back' : 'forward'} by ${Math.round(Math.abs(byMs) / 100) / 10} s`
