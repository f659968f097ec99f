import type { Ledger, LedgerPosition } from '../ledger/port.js'
import type { LearnedRequest } from '../ledger/rows.js'
import type { Core } from './core.js'
import { settlingOf } from './credit.js'
import { learnRequest } from './heard.js'
import { PASS_MS } from './incidents.js'
import { learnSettled, outcomeOf } from './learning.js'
import { type LogEntry, readLog } from './ledger-log.js'

/** Rows read at a time. */
const BATCH = 2_000
/** Rows after which other work may have its turn: about 10 ms of learning. */
const BREATH = 500

export interface Follower {
  /** how far the log was learned */
  position(): LedgerPosition
  /** Learns what came since. Calls at once share one run. @returns rows learned */
  follow(): Promise<number>
  /**
   * The same at a start, after hours or days: the detector's background passes are made up for at the time of the log,
   * so that an incident that began meanwhile is known. What they report was told by those who were there.
   */
  catchUp(): Promise<number>
}

/**
 * Lets knowledge and detector learn from the ledger's log, in which every gateway of a cluster writes what it decided
 * and settled: each of them learns the same, from all traffic, in the same order, and nothing twice. What this gateway
 * did itself comes the same way, some tenths of a second later; the bound in money does not wait for it, for lines are
 * charged at once.
 */
export function createFollower({
  core,
  ledger,
  from,
}: {
  core: Core
  ledger: Pick<Ledger, 'requestsAfter' | 'settlements'>
  from: LedgerPosition
}): Follower {
  const at: LedgerPosition = { ...from }
  let passedAt = 0
  let running: Promise<number> | null = null

  function learn({ what, row }: LogEntry<LearnedRequest & { seq: number }>): void {
    if (what === 'request') {
      const service = core.policy.service(row.service)
      if (service !== null) learnRequest(core, row, service)
      at.requests = row.seq
      return
    }
    const settling = settlingOf(row.request, row.settledBefore)
    const { from: before, to } = row
    if (settling !== null && before !== to) {
      const outcome = outcomeOf(settling, before, to, row.at)
      learnSettled(core, settling, { from: before, to, outcome }, row.at)
      core.followed(settling, before, to, row.at)
    }
    at.outcomes = row.seq
  }

  function passUntil(now: number): void {
    if (now - passedAt < PASS_MS) return
    passedAt = now
    core.pass(now)
  }

  async function run(behind: boolean): Promise<number> {
    let rows = 0
    const log = readLog(
      {
        requests: (after) => ledger.requestsAfter(after, BATCH),
        settlements: (after) => ledger.settlements(after, BATCH),
      },
      at,
    )
    for await (const entry of log) {
      if (behind) passUntil(entry.row.at)
      learn(entry)
      if (++rows % BREATH === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    return rows
  }

  function once(behind: boolean): Promise<number> {
    running ??= run(behind).finally(() => {
      running = null
    })
    return running
  }

  return {
    position: () => ({ ...at }),
    follow: () => once(false),
    catchUp: () => once(true),
  }
}
