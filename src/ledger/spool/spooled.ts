import { type Append, type Ledger, LedgerError } from '../port.js'
import { type SpooledCommit, SpoolFile, type SpoolFileOptions } from './spool-file.js'

export interface SpoolOptions extends SpoolFileOptions {
  /** time limit of a commit, ms; what is not answered within it is kept here */
  timeoutMs: number
  /** between two looks whether the ledger is back, ms. @default 500 */
  probeMs?: number
  /** failures that no caller waits for */
  onError: (error: Error) => void
}

export interface SpooledLedger extends Ledger {
  spooled(): SpoolCondition
}

export interface SpoolCondition {
  /** whether the ledger is lost, or still misses something */
  state: 'ok' | 'lost'
  since: number | null
  waiting: number
  bytes: number
  hasRoom: boolean
}

/** Faults of a ledger that is away; a full disk or damaged data is a matter for people, not for a spool. */
const AWAY = new Set(['lost', 'locked'])
const isAway = (error: unknown): boolean => error instanceof LedgerError && AWAY.has(error.fault)

/** Commits handed over at once: as many share one transaction, so that a busy gateway catches up with itself. */
const AT_ONCE = 64

const idsOf = (rows: readonly Append[]): string[] =>
  rows.flatMap(({ table, row }) =>
    table === 'requests' || table === 'sends' || table === 'verifications' ? [row.id] : [],
  )

/**
 * A ledger whose new records are kept on the own disk while it is away, and made in it when it is back, each once. It
 * answers nothing by itself: whatever must be read, compared or claimed fails until the ledger is there, and so does
 * everything about what is still here. Without that a code could be approved twice, by two gateways.
 * @throws Error when the spool of an earlier process cannot be read
 */
export async function spooledLedger(ledger: Ledger, options: SpoolOptions): Promise<SpooledLedger> {
  const { timeoutMs, probeMs = 500, clock, onError } = options
  const spool = await SpoolFile.open(options)
  /** ids that only the spool knows */
  const here = new Set<string>()
  let away = false
  let since: number | null = null
  let timer: NodeJS.Timeout | null = null
  let work: Promise<void> | null = null
  let closed = false

  const nextLook = (): void => {
    if (timer !== null || closed) return
    timer = setTimeout(() => {
      timer = null
      work = replay().finally(() => {
        work = null
      })
    }, probeMs).unref()
  }

  function lost(cause: unknown): void {
    if (!away) onError(cause instanceof Error ? cause : new Error(String(cause)))
    away = true
    since ??= clock()
    nextLook()
  }

  async function keep(rows: readonly Append[]): Promise<void> {
    await spool.append(rows)
    for (const id of idsOf(rows)) here.add(id)
  }

  /** Made before by a commit that was given up on, or by a replay that died: it is not made again. */
  async function make({ rows }: SpooledCommit): Promise<void> {
    const first = rows.find(({ table }) => table === 'requests')
    if (first?.table === 'requests' && (await ledger.request(first.row.id)) !== null) return
    await ledger.commit(rows)
  }

  async function handOver(commit: SpooledCommit): Promise<void> {
    await make(commit).catch((error: unknown) => {
      // a row that the ledger refuses for what it is must not hold up all others
      if (error instanceof LedgerError) throw error
      onError(error instanceof Error ? error : new Error(String(error)))
    })
    for (const id of idsOf(commit.rows)) here.delete(id)
  }

  async function replay(): Promise<void> {
    try {
      if (!(await ledger.healthy())) return nextLook()
      let made = 0
      do {
        const commits = (await spool.read()).slice(made)
        for (let i = 0; i < commits.length; i += AT_ONCE) {
          const group = await Promise.allSettled(commits.slice(i, i + AT_ONCE).map(handOver))
          const failed = group.find(({ status }) => status === 'rejected')
          if (failed?.status === 'rejected') throw failed.reason
        }
        made += commits.length
        if (await spool.clear(made)) made = 0
        // what is on its way gets its turn
        if (!spool.isEmpty) await new Promise(setImmediate)
        // and what comes after this look goes to the ledger
      } while (!spool.isEmpty)
      away = false
      since = null
    } catch (error) {
      if (!(error instanceof LedgerError))
        onError(error instanceof Error ? error : new Error(String(error)))
      nextLook()
    }
  }

  const gone = (): LedgerError =>
    new LedgerError('lost', 'this record waits in the spool until the ledger is back')
  function absent(id: string): void {
    if (here.has(id)) throw gone()
  }

  async function commit(rows: readonly Append[] = []): Promise<void> {
    if (rows.length === 0) return ledger.commit()
    if (away) return keep(rows)
    let ended: NodeJS.Timeout | undefined
    const limit = new Promise<never>((_, reject) => {
      ended = setTimeout(
        () => reject(new LedgerError('lost', `it did not answer within ${timeoutMs} ms`)),
        timeoutMs,
      )
    })
    const committed = ledger.commit(rows)
    // given up on, it may still fail
    committed.catch(() => undefined)
    try {
      await Promise.race([committed, limit])
    } catch (error) {
      if (!isAway(error)) throw error
      lost(error)
      await keep(rows)
    } finally {
      clearTimeout(ended)
    }
  }

  if (spool.commits > 0) {
    for (const { rows } of await spool.read()) for (const id of idsOf(rows)) here.add(id)
    away = true
    since = spool.oldestAt
    await replay()
  }

  return {
    ...ledger,
    commit,
    async request(id) {
      absent(id)
      return ledger.request(id)
    },
    async verification(id) {
      absent(id)
      return ledger.verification(id)
    },
    async updateVerification(id, version, patch) {
      absent(id)
      return ledger.updateVerification(id, version, patch)
    },
    async updateSend(id, ...change) {
      absent(id)
      return ledger.updateSend(id, ...change)
    },
    async settle(id, ...step) {
      absent(id)
      return ledger.settle(id, ...step)
    },
    async latestVerification(...asked) {
      // the latest may be here
      if (here.size > 0) throw gone()
      return ledger.latestVerification(...asked)
    },
    spooled: () => ({
      state: away ? 'lost' : 'ok',
      since,
      waiting: spool.commits,
      bytes: spool.bytes,
      hasRoom: spool.hasRoom,
    }),
    async close() {
      closed = true
      if (timer !== null) clearTimeout(timer)
      await work
      await ledger.close()
      await spool.close()
    },
  }
}
