import type { DetectorSnapshot } from '../engine/detect/memory.js'
import type { KnowledgeSnapshot } from '../engine/knowledge.js'
import type { Ledger, LedgerPosition } from '../ledger/port.js'
import { readSnapshot, writeSnapshot } from '../lines/memory/snapshot.js'
import type { Core } from './core.js'
import { createFollower, type Follower } from './follow.js'
import { logStart, REMEMBERED_MS } from './log-start.js'

/** What a gateway has learned, and how far of the log: nothing of it is lost or counted twice. */
interface LearnedMeta {
  at: number
  position: LedgerPosition
  knowledge: KnowledgeSnapshot
  detector: DetectorSnapshot
}

const NO_IMAGE: readonly Uint8Array[] = []

/** Knowledge and detector of one gateway of a cluster: kept over its restarts where it has a place, and brought up to date. */
export function createFollowing({
  core,
  ledger,
  file,
  clock,
}: {
  core: Core
  ledger: Ledger
  /** `null`: nothing is kept, every start reads the log of the last 14 days */
  file: string | null
  clock: () => number
}) {
  let follower: Follower | null = null

  /** Of another ledger, or of one that was restored from a backup, nothing is believed. */
  async function kept(): Promise<LearnedMeta | null> {
    const found = file === null ? null : await readSnapshot<LearnedMeta>(file)
    if (found === null || found.meta.at < clock() - REMEMBERED_MS) return null
    const { requests, outcomes } = await ledger.position()
    const { position } = found.meta
    return position.requests > requests || position.outcomes > outcomes ? null : found.meta
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
      if (file === null || follower === null) return
      // one turn of the event loop: nothing is learned between what is kept and how far it goes
      const meta: LearnedMeta = {
        at: clock(),
        position: follower.position(),
        knowledge: core.knowledge.snapshot(),
        detector: core.detector.snapshot(),
      }
      await writeSnapshot(file, meta, NO_IMAGE)
    },
  }
}

export type Following = ReturnType<typeof createFollowing>
