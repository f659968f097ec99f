import type { Actor } from '../lab/actors/actor.js'
import type { Gate } from '../verify/types.js'
import type { Application } from './application.js'

/** The time of a simulation: stands still but for those who play it. Never runs backwards. */
export interface DemoClock {
  /** whole Unix ms */
  now(): number
  goTo(at: number): void
}

export function createDemoClock(start: number): DemoClock {
  let now = Math.floor(start)
  return {
    now: () => now,
    goTo(at) {
      now = Math.max(now, Math.floor(at))
    },
  }
}

export interface TimelineOptions {
  clock: DemoClock
  gate: Gate
  application: Application
  /** told as time passes, before what happens at that time: who comes and goes */
  passing?: (now: number) => void
}

/** Plays actors against a gate under the simulation's clock, as fast as the gate answers. */
export function createTimeline({ clock, gate, application, passing }: TimelineOptions) {
  const actors = new Set<Actor>()
  let asked = 0
  let ticked = clock.now()

  function first(until: number): Actor | null {
    let found: Actor | null = null
    let earliest = until
    for (const actor of actors) {
      const at = actor.nextAt()
      if (at === Number.POSITIVE_INFINITY) actors.delete(actor)
      else if (at <= earliest) {
        earliest = at
        found = actor
      }
    }
    return found
  }

  async function reach(at: number): Promise<void> {
    clock.goTo(at)
    await application.advance(at)
  }

  /** What a running gateway does by itself, and what an application reports in batches. */
  async function keepUp(at: number): Promise<void> {
    await reach(at)
    passing?.(at)
    await application.tell(at)
    await gate.tick()
  }

  return {
    add(actor: Actor): void {
      actors.add(actor)
    },
    remove(actor: Actor): void {
      actors.delete(actor)
    },
    /** requests made so far */
    asked: (): number => asked,

    /** @param everyMs of simulated time between two rounds of upkeep */
    async playTo(until: number, everyMs: number): Promise<void> {
      for (;;) {
        const due = ticked + everyMs
        const actor = first(Math.min(due, until))
        if (actor !== null) {
          const labelled = actor.ask()
          const { row } = labelled
          await reach(row.at)
          if (application.isDone(row)) continue
          const seen = await application.ask(labelled)
          actor.told?.(row, seen)
          asked++
        } else if (due <= until) {
          ticked = due
          await keepUp(due)
        } else break
      }
      await reach(until)
    },
  }
}

export type Timeline = ReturnType<typeof createTimeline>
