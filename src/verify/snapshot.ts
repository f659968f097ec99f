import type { DetectorSnapshot } from '../engine/detect/memory.js'
import type { KnowledgeSnapshot } from '../engine/knowledge.js'
import type { Ledger, LedgerPosition } from '../ledger/port.js'
import type { SettledRequest } from '../ledger/rows.js'
import type { MemoryLines } from '../lines/memory/memory.js'
import { readSnapshot, writeSnapshot } from '../lines/memory/snapshot.js'
import type { Core } from './core.js'
import { settlingOf } from './credit.js'
import { logStart } from './log-start.js'
import { rebuild } from './rebuild.js'

/** What a snapshot says besides the lines themselves. */
export interface SnapshotMeta {
  at: number
  position: LedgerPosition
  /** charges and settlements that are in the image though they lie after the position */
  applied: string[]
  /** of these, charges whose record was under way, where there were any: after a crash perhaps nobody has it */
  unrecorded?: SettledRequest[]
  knowledge: KnowledgeSnapshot
  detector: DetectorSnapshot
}

export interface Keeper {
  /** called for every charge and settlement that reaches the lines */
  applied: (mark: string) => void
  /** charges that reached the lines and are not in the ledger yet, by their marks */
  unrecorded: Map<string, SettledRequest>
  /** Loads the snapshot and makes again what the ledger has since: without one, of the last 14 days. */
  restore(): Promise<{ snapshotAt: number | null; charges: number; settlements: number }>
  /** Writes a consistent image; several calls at once share one. */
  save(): Promise<void>
}

const settledPart = (row: SettledRequest): SettledRequest => ({
  ...{ id: row.id, service: row.service, country: row.country, operator: row.operator },
  ...{ at: row.at, charge: row.charge, maturesAt: row.maturesAt },
})

/** Keeps the embedded lines over restarts: `<data>/lines.snapshot` and the ledger's own rows as its journal. */
export function createKeeper({
  core,
  ledger,
  lines,
  file,
  clock,
}: {
  core: Core
  ledger: Ledger
  lines: MemoryLines
  file: string
  clock: () => number
}): Keeper {
  let marks: string[] | null = null
  let saving: Promise<void> | null = null
  const unrecorded = new Map<string, SettledRequest>()

  async function save(): Promise<void> {
    // a charge and the append of its record are one turn of the event loop, but for those that are told of
    marks = [...unrecorded.keys()]
    try {
      const position = await ledger.position()
      // settlements recorded up to the position have reached the lines after this turn
      await new Promise((resolve) => setImmediate(resolve))
      const knowledge = core.knowledge.snapshot()
      const detector = core.detector.snapshot()
      const meta: SnapshotMeta = {
        ...{ at: clock(), position, applied: marks, knowledge, detector },
        ...(unrecorded.size > 0 && { unrecorded: [...unrecorded.values()].map(settledPart) }),
      }
      const image = lines.dump()
      marks = null
      // a snapshot must not outlive the rows it counts: after a loss of power their numbers would be given out again
      await ledger.commit()
      await writeSnapshot(file, meta, image)
    } finally {
      marks = null
    }
  }

  /** What the ledger never got was never sent, and nobody else would ever settle it. */
  async function giveBack(rows: readonly SettledRequest[]): Promise<void> {
    for (const row of rows) {
      const what = settlingOf(row)
      if (what !== null && (await ledger.request(row.id)) === null)
        await core.settle(what, 'reserved', 'released', clock())
    }
  }

  /** A snapshot of more than the ledger has is of another ledger, or of one that was restored from a backup. */
  async function usable<T extends { meta: SnapshotMeta }>(found: T | null): Promise<T | null> {
    const { requests, outcomes } = await ledger.position()
    const ahead =
      found !== null &&
      (found.meta.position.requests > requests || found.meta.position.outcomes > outcomes)
    return ahead ? null : found
  }

  return {
    applied: (mark) => {
      marks?.push(mark)
    },
    unrecorded,
    async restore() {
      const found = await usable(await readSnapshot<SnapshotMeta>(file))
      if (found !== null) {
        lines.load(found.image)
        core.knowledge.restore(found.meta.knowledge)
        core.detector.restore(found.meta.detector)
      }
      const made = await rebuild({
        core,
        ledger,
        from: found?.meta.position ?? (await logStart(ledger, clock())),
        applied: new Set(found?.meta.applied),
      })
      await giveBack(found?.meta.unrecorded ?? [])
      return { snapshotAt: found?.meta.at ?? null, ...made }
    },
    save() {
      saving ??= save().finally(() => {
        saving = null
      })
      return saving
    },
  }
}
