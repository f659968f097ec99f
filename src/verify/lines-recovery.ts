import type { Query } from '../engine/state.js'
import { collection } from '../ledger/collection.js'
import type { Ledger } from '../ledger/port.js'
import type { LineStore, Maybe, SharedLineStore } from '../lines/port.js'
import type { Core } from './core.js'
import { logStart } from './log-start.js'
import { rebuild } from './rebuild.js'

/** Renewed while the work goes on; when whoever does it dies, somebody else begins anew after this. */
const TTL_MS = 10_000
const RENEW_MS = 3_000
/** After so long with a whole store a rebuild is history. */
const SETTLED_MS = 10_000
/** How often those look who wait for another gateway to finish. */
const LOOK_MS = 500

/** When the lines were rebuilt last, and by whom. */
interface Rebuilt {
  /** what happened until then was in the log that they were rebuilt from, Unix ms */
  at: number
  by: string
  charges: number
  settlements: number
}

export interface RecoveryOptions {
  store: SharedLineStore
  ledger: Ledger
  core: () => Core
  clock: () => number
  /** of this process alone */
  holder: string
  /** told when lines were found lost and when they are there again */
  tell?: (what: { state: 'rebuilding' } | ({ state: 'rebuilt' } & Rebuilt)) => void
}

/** The store answers and has lost what it had: nothing may be decided on it. */
class LinesLost extends Error {
  override readonly name = 'LinesLost'
}

/**
 * Lines that came back empty are rebuilt from the ledger: by one gateway, under a lease, while the others decide on what
 * their failure policy gives them. Nobody is handed fresh credit because a store was flushed.
 */
export function createLinesRecovery(options: RecoveryOptions) {
  const { store, ledger, clock, holder, tell = () => undefined } = options
  const records = collection<Rebuilt>(ledger, 'lines')
  let whole = true
  /** since when it is, by the monotonic clock */
  let wholeSince = Number.NEGATIVE_INFINITY
  /** version of the record of the last rebuild, as it was while this gateway used the store */
  let known = 0
  let recovering: Promise<void> | null = null

  async function rebuildAlone(): Promise<void> {
    tell({ state: 'rebuilding' })
    let renewed: Promise<unknown> = Promise.resolve()
    const renewing = setInterval(() => {
      renewed = ledger.lease('lines', holder, TTL_MS).catch(() => false)
    }, RENEW_MS)
    try {
      await store.forget()
      const core = options.core()
      const from = await logStart(ledger, clock())
      const made = await rebuild({ core, ledger, from, applied: new Set(), into: store })
      const value = { at: clock(), by: holder, ...made }
      await store.found()
      await records.put({ id: 'rebuilt', at: value.at, value })
      tell({ state: 'rebuilt', ...value })
    } finally {
      clearInterval(renewing)
      await renewed
      await ledger.releaseLease('lines', holder)
    }
  }

  const lastRebuild = () => records.get('rebuilt')

  /** Resolves when the store has its lines. An empty store of a new installation is rebuilt from an empty log. */
  function makeWhole(): Promise<void> {
    recovering ??= wait().finally(() => {
      recovering = null
    })
    return recovering
  }

  async function wait(): Promise<void> {
    while (!(await store.intact())) {
      whole = false
      if (await ledger.lease('lines', holder, TTL_MS)) {
        // looked at again: whoever had the lease before may have finished
        if (await store.intact()) await ledger.releaseLease('lines', holder)
        else await rebuildAlone()
      } else await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
    if (!whole) wholeSince = performance.now()
    whole = true
  }

  const refused = <T>(work: () => Maybe<T>): Maybe<T> =>
    whole
      ? work()
      : Promise.reject(
          new LinesLost('the shared store of lines lost what it had; it is being rebuilt'),
        )
  const gatherAndReserve = store.gatherAndReserve?.bind(store)
  const release = store.release?.bind(store)

  /** The store, refusing while it has to be rebuilt. */
  const guarded: LineStore & { healthy(): Promise<boolean> } = {
    gather: (query, now) => refused(() => store.gather(query, now)),
    ...(gatherAndReserve !== undefined && {
      gatherAndReserve: (query: Query, priceMicroUsd: number, now: number) =>
        refused(() => gatherAndReserve(query, priceMicroUsd, now)),
    }),
    ...(release !== undefined && { release }),
    charge: (query, demand, now) => refused(() => store.charge(query, demand, now)),
    count: (query, now) => refused(() => store.count(query, now)),
    settle: (settlement, now) => refused(() => store.settle(settlement, now)),
    healthy: () => store.healthy(),
    close: () => store.close(),
  }

  return {
    guarded,
    /**
     * Resolves when the store has its lines again.
     * @returns where they were rebuilt from the ledger since this gateway lost the store: until when that had all that
     * happened, Unix ms; else `null`
     */
    async recover(): Promise<number | null> {
      await makeWhole()
      const last = await lastRebuild()
      return last !== null && last.version > known ? last.value.at : null
    },
    /** Looks for the mark, every half second: what is charged on an empty store until then is in the ledger too. */
    async look(): Promise<void> {
      await makeWhole()
      // whoever has to ask whether they were rebuilt has asked by now
      if (performance.now() - wholeSince > SETTLED_MS) known = (await lastRebuild())?.version ?? 0
    },
  }
}
