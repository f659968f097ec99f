import type { DetectorSnapshot } from '../engine/detect/memory.js'
import type { KnowledgeSnapshot } from '../engine/knowledge.js'
import type { Ledger, LedgerPosition } from '../ledger/port.js'
import { readSnapshot, writeSnapshot } from '../lines/memory/snapshot.js'
import type { Core } from './core.js'
import { createFollower, type Follower } from './follow.js'
import { learnedCopy } from './learned-copy.js'
import { logStart, REMEMBERED_MS } from './log-start.js'

/** What a gateway has learned, and how far of the log: nothing of it is lost or counted twice. */
interface LearnedMeta {
  at: number
  position: LedgerPosition
  knowledge: KnowledgeSnapshot
  detector: DetectorSnapshot
}

const NO_IMAGE: readonly Uint8Array[] = []

/** Rows of the log that were learned. */
const goesTo = (meta: LearnedMeta | null): number =>
  meta === null ? -1 : meta.position.requests + meta.position.outcomes

/**
 * Knowledge and detector of one gateway of a cluster: kept over its restarts where it has a place, by the leader for all
 * in the ledger, and brought up to date from whichever goes further. Without either a start reads the log of 14 days.
 */
export function createFollowing({
  core,
  ledger,
  file,
  leads,
  clock,
  warn,
}: {
  core: Core
  ledger: Ledger
  file: string | null
  leads: () => boolean
  clock: () => number
  warn: (error: Error) => void
}) {
  const shared = learnedCopy<LearnedMeta>(ledger)
  let follower: Follower | null = null

  /** Of another ledger, or of one that was restored from a backup, nothing is believed. */
  async function kept(): Promise<LearnedMeta | null> {
    const own = file === null ? null : await readSnapshot<LearnedMeta>(file)
    const copy = await shared.read().catch((cause: unknown) => {
      warn(new Error('what was learned could not be read from the ledger', { cause }))
      return null
    })
    const end = await ledger.position()
    const usable = [own?.meta ?? null, copy].filter(
      (meta) =>
        meta !== null &&
        meta.at >= clock() - REMEMBERED_MS &&
        meta.position.requests <= end.requests &&
        meta.position.outcomes <= end.outcomes,
    )
    return usable.reduce((far, meta) => (goesTo(meta) > goesTo(far) ? meta : far), null)
  }

  return {
    /** @returns when the snapshot was made, `null` without one, and how many rows of the log were read since */
    async restore(): Promise<{ snapshotAt: number | null; learned: number }> {
      const meta = await kept()
      if (meta !== null) {
        core.knowledge.restore(meta.knowledge)
        core.detector.restore(meta.detector)
      }
      const from = meta?.position ?? (await logStart(ledger, clock()))
      follower = createFollower({ core, ledger, from })
      return { snapshotAt: meta?.at ?? null, learned: await follower.catchUp() }
    },
    async follow(): Promise<number> {
      return follower === null ? 0 : follower.follow()
    },
    async save(): Promise<void> {
      const shares = leads()
      if (follower === null || (file === null && !shares)) return
      // one turn of the event loop: nothing is learned between what is kept and how far it goes
      const meta: LearnedMeta = {
        at: clock(),
        position: follower.position(),
        knowledge: core.knowledge.snapshot(),
        detector: core.detector.snapshot(),
      }
      if (file !== null) await writeSnapshot(file, meta, NO_IMAGE)
      if (shares) await shared.write(meta)
    },
  }
}

export type Following = ReturnType<typeof createFollowing>
