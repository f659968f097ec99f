import { setTimeout as sleep } from 'node:timers/promises'
import type { Simulation } from './simulation.js'
import type { DemoClock } from './timeline.js'

export interface PaceOptions {
  simulation: Simulation
  clock: DemoClock
  /** simulated time over real time */
  speed: number
  /** monotonic, ms */
  realNow: () => number
}

/** Real time between two steps. */
const FRAME_MS = 50
/** A step makes up for this much real time at most: a gateway slower than the simulation slows it down. */
const LONGEST_FRAME_MS = 250

/**
 * Lets the simulation run at its speed until it is stopped.
 * @returns stops it and waits for the step under way; `failed` rejects when the simulation breaks down
 */
export function run({ simulation, clock, speed, realNow }: PaceOptions): {
  stop(): Promise<void>
  failed: Promise<never>
} {
  const stopping = new AbortController()
  async function live(): Promise<void> {
    let before = realNow()
    while (!stopping.signal.aborted) {
      await sleep(FRAME_MS)
      const now = realNow()
      const elapsed = Math.min(now - before, LONGEST_FRAME_MS)
      before = now
      await simulation.playTo(clock.now() + elapsed * speed)
    }
    await simulation.settled()
  }
  const running = live()
  return {
    async stop() {
      stopping.abort()
      await running.catch(() => undefined)
    },
    failed: new Promise<never>((_, reject) => running.catch(reject)),
  }
}
