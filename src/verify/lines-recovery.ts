import { collection } from '../ledger/collection.js'
import type { Ledger } from '../ledger/port.js'
import type { LineStore, SharedLineStore } from '../lines/port.js'
import type { Core } from './core.js'
import { logStart } from './log-start.js'
import { rebuild } from './rebuild.js'

/** Renewed while the work goes on; when whoever does it dies, somebody else begins anew after this. */
const TTL_MS = 10_000
const RENEW_MS = 3_000
/** How often those look who wait for another gateway to finish. */
const LOOK_MS = 500

/** When the lines were rebuilt last, and by whom. */
interface Rebuilt {
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

/** Seconds that a call stands still: the store is to be asked again. */
export class LinesLost extends Error {
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
  /** version of the record of the last rebuild that this gateway knows of */
  let known = 0

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
      await store.found()
      const value = { at: clock(), by: holder, ...made }
      await records.put({ id: 'rebuilt', at: value.at, value })
      tell({ state: 'rebuilt', ...value })
    } finally {
      clearInterval(renewing)
      await renewed
      await ledger.releaseLease('lines', holder)
    }
  }

  /** @returns whether somebody has rebuilt them since this gateway asked last */
  async function rebuiltSince(): Promise<boolean> {
    const version = (await records.get('rebuilt'))?.version ?? 0
    const isNew = version > known
    known = version
    return isNew
  }

  /**
   * Resolves when the store has its lines. An empty store of a new installation is rebuilt from an empty log.
   * @returns true when they had to be rebuilt from the ledger
   */
  async function recover(): Promise<boolean> {
    while (!(await store.intact())) {
      whole = false
      if (await ledger.lease('lines', holder, TTL_MS)) {
        // looked at again: whoever had the lease before may have finished
        if (await store.intact()) await ledger.releaseLease('lines', holder)
        else await rebuildAlone()
      } else await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
    whole = true
    return rebuiltSince()
  }

  const refused = <T>(work: () => T): T => {
    if (whole) return work()
    throw new LinesLost('the shared store of lines lost what it had; it is being rebuilt')
  }

  /** The store, refusing while it has to be rebuilt. */
  const guarded: LineStore & { healthy(): Promise<boolean> } = {
    gather: (query, now) => refused(() => store.gather(query, now)),
    charge: (query, demand, now) => refused(() => store.charge(query, demand, now)),
    count: (query, now) => refused(() => store.count(query, now)),
    settle: (settlement, now) => refused(() => store.settle(settlement, now)),
    healthy: () => store.healthy(),
    close: () => store.close(),
  }

  return {
    guarded,
    recover,
    whole: () => whole,
    /** Looks for the mark, every half second: what is charged on an empty store until then is in the ledger too. */
    async look(): Promise<void> {
      if (whole && !(await store.intact())) whole = false
    },
  }
}

export type LinesRecovery = ReturnType<typeof createLinesRecovery>
