import { createLeader, type Leader } from '../cluster/leader.js'
import { MINUTE, SECOND } from '../engine/units.js'
import type { Ledger } from '../ledger/port.js'
import type { LineStore, SharedLineStore } from '../lines/port.js'
import type { Core } from './core.js'
import { createLinesRecovery } from './lines-recovery.js'
import { followPolicy } from './policy-versions.js'
import type { Gate } from './types.js'
import type { UpkeepJob } from './upkeep.js'

/** What makes one gateway of several. */
export interface SharedOptions {
  /** name of this gateway, for people; two of one name do no harm */
  gateway: string
  /** the lines that all of them charge */
  store: SharedLineStore
  /**
   * Puts the failure policy in front of the store. @param rebuilt to be asked when the store answers again: resolves when
   * it has its lines, until when the ledger had all that happened when they were rebuilt from it. @default the store as it is
   */
  guard?: (
    store: LineStore & { healthy(): Promise<boolean> },
    rebuilt: () => Promise<number | null>,
  ) => LineStore
  /** told when the lines were found lost, and when they are there again */
  onLines?: (what: { state: 'rebuilding' | 'rebuilt'; charges?: number }) => void
}

/** How often the mark of the lines is looked for. */
const LOOK_MS = SECOND / 2
const POLICY_MS = SECOND
/** A send that was committed and not answered for so long: no gateway waits for its provider any more. */
const INTERRUPTED_MS = 5 * MINUTE

export interface ClusterOptions extends SharedOptions {
  ledger: Ledger
  holder: string
  clock: () => number
  core: () => Core
}

/** This gateway's place among the others: its lead, if it has it, and the lines they share. */
export function createCluster(options: ClusterOptions) {
  const { store, ledger, holder, clock, core, onLines } = options
  const { guard = (guarded: LineStore) => guarded } = options
  const leader = createLeader({ leases: ledger, holder })
  const recovery = createLinesRecovery({
    ...{ store, ledger, core, clock, holder },
    ...(onLines !== undefined && { tell: onLines }),
  })
  const lines = guard(recovery.guarded, recovery.recover)
  const jobs: UpkeepJob[] = [
    { everyMs: leader.everyMs, run: leader.step },
    { everyMs: LOOK_MS, run: recovery.look },
  ]
  return {
    leader,
    lines,
    recover: recovery.recover,
    jobs,
    leave: () => leader.resign(),
  }
}

export type Cluster = ReturnType<typeof createCluster>

/** What a gateway of a cluster does besides: it follows the policy, and the one that leads marks sends nobody finished. */
export function sharedJobs(
  {
    gate,
    ledger,
    leader,
    clock,
  }: { gate: Gate; ledger: Ledger; leader: Leader; clock: () => number },
  onPolicy: (version: number) => void,
  onError: (error: Error) => void,
): UpkeepJob[] {
  return [
    {
      everyMs: POLICY_MS,
      async run() {
        const version = await followPolicy({ ledger, gate }, onError)
        if (version !== null) onPolicy(version)
      },
    },
    {
      everyMs: MINUTE,
      run: async () =>
        leader.leads() ? ledger.markInterruptedSends(clock(), INTERRUPTED_MS) : undefined,
    },
  ]
}
