import { SECOND } from '../engine/units.js'
import { collection } from '../ledger/collection.js'
import type { ConsoleStore } from '../ledger/console-port.js'
import type { UpkeepJob } from '../verify/upkeep.js'
import type { Live, LiveKind } from './live.js'

/** What happened at one gateway within one round. */
interface Told {
  events: { kind: LiveKind; data: Record<string, unknown> }[]
}

const ROUND_MS = SECOND / 2
/** Clocks of gateways that differ by less miss nothing of each other. */
const LOOK_BACK_MS = 15 * SECOND
const KEPT_MS = 30 * SECOND
/** Rounds of all other gateways that are read at once. */
const MOST = 500
/** Events of one round; of more the pages that are open read anew anyway. */
const MOST_EVENTS = 100

export interface RelayOptions {
  ledger: ConsoleStore
  live: Live
  /** Unix ms */
  clock: () => number
  /** of this process alone */
  holder: string
}

/**
 * Tells every gateway of a cluster what happened at the others, within a second: pages that are open there learn it, and
 * what a gateway keeps in memory of the ledger (lists, measures, the policy) is read anew.
 */
export function createRelay({ ledger, live, clock, holder }: RelayOptions) {
  const rounds = collection<Told>(ledger, 'live')
  const heard = new Map<string, number>()
  const listeners: ((kind: LiveKind) => void)[] = []
  let waiting: Told['events'] = []
  let round = 0

  async function tell(): Promise<void> {
    if (waiting.length === 0) return
    const events = waiting.slice(-MOST_EVENTS)
    waiting = []
    const at = clock()
    const id = `${holder}:${++round}`
    await rounds.put({ id, at, parent: holder, expiresAt: at + KEPT_MS, value: { events } })
  }

  async function hear(): Promise<void> {
    const now = clock()
    const found = await rounds.list({ from: now - LOOK_BACK_MS, limit: MOST })
    const kinds = new Set<LiveKind>()
    for (const { id, at, parent, value } of found.reverse()) {
      if (parent === holder || heard.has(id)) continue
      heard.set(id, at)
      for (const { kind, data } of value.events) {
        live.emit(kind, data)
        kinds.add(kind)
      }
    }
    for (const [id, at] of heard) if (at < now - KEPT_MS) heard.delete(id)
    for (const kind of kinds) for (const listener of listeners) listener(kind)
  }

  const job: UpkeepJob = {
    everyMs: ROUND_MS,
    async run() {
      await tell()
      await hear()
    },
  }

  return {
    job,
    /** What this gateway tells: its own pages at once, the others with the next round. */
    live: {
      ...live,
      emit(kind: LiveKind, data: Record<string, unknown> = {}): void {
        live.emit(kind, data)
        waiting.push({ kind, data })
      },
    } satisfies Live,
    /** @param listener told once a round of each kind that happened elsewhere */
    heard(listener: (kind: LiveKind) => void): void {
      listeners.push(listener)
    },
  }
}

export type Relay = ReturnType<typeof createRelay>
