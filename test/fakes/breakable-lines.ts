import type { Gathered } from '../../src/engine/state.js'
import type { SharedLines } from '../../src/lines/degraded/outage.js'
import { type MemoryLines, memoryLines } from '../../src/lines/memory/memory.js'

/** A store of lines behind a network that can break: the embedded one, later. */
export interface BreakableLines extends SharedLines {
  readonly inner: MemoryLines
  /**
   * `refuses`: calls fail and do nothing; `sleeps`: they do nothing until it wakes, and then do what they were asked;
   * `mute`: they do what they are asked and never say so
   */
  is: 'well' | 'refuses' | 'mute' | 'asleep'
  /** Wakes: everything that was asked meanwhile is done now, in order. */
  wake(): void
}

export function breakableLines(
  inner = memoryLines({ seed: 1, capacity: 100_000 }),
): BreakableLines {
  let sleeping: (() => void)[] = []

  function call<T>(work: () => T): Promise<T> {
    switch (store.is) {
      case 'well':
        return new Promise((resolve) => setImmediate(() => resolve(work())))
      case 'refuses':
        return Promise.reject(new Error('connection refused'))
      case 'mute':
        work()
        return new Promise(() => undefined)
      case 'asleep':
        return new Promise((resolve) => sleeping.push(() => resolve(work())))
    }
  }

  const store: BreakableLines = {
    inner,
    is: 'well',
    wake() {
      store.is = 'well'
      for (const work of sleeping.splice(0)) work()
      sleeping = []
    },
    gather: (query, now) => call(() => copyOf(inner.gather(query, now))),
    charge(query, demand, now) {
      // what is written to a socket is what it was when it was written
      const kept = { ...demand, costs: demand.costs.slice(), ceilings: demand.ceilings.slice() }
      return call(() => inner.charge(query, kept, now))
    },
    count: (query, now) => call(() => inner.count(query, now)),
    settle: (settlement, now) => call(() => inner.settle(settlement, now)),
    healthy: () => call(() => true),
    close: () => inner.close(),
  }
  return store
}

const copyOf = (state: Gathered): Gathered => structuredClone(state)
