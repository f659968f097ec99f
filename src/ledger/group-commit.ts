import { LedgerError } from './port.js'

/** Where batches go. Calls never overlap, but `sync` may run beside `write`. */
export interface BatchSink<T> {
  /** Writes all rows in one transaction or none. @throws RefusedRow when one of them can never be written */
  write(rows: readonly T[]): Promise<void>
  /** Makes what was written before the call survive a loss of power. */
  sync(): Promise<void>
  /**
   * After `write` has thrown InDoubt, and before it is called again: finds out what became of its rows, and takes
   * `withdrawn` ones back if they were written.
   * @returns whether the others were written; if not they never will be
   */
  settle?(withdrawn: readonly T[]): Promise<boolean>
}

/** The store has gone while it wrote: nobody knows yet whether it has written. */
export class InDoubt extends Error {
  override readonly name = 'InDoubt'
  constructor(
    readonly fault: unknown,
    cause: unknown,
  ) {
    super('nobody knows yet whether these rows were written', { cause })
  }
}

/** A row that the store refuses for what it is (a second row of the same id): a bug of whoever appended it. */
export class RefusedRow extends Error {
  override readonly name = 'RefusedRow'
  constructor(
    readonly index: number,
    message: string,
    options: { cause: unknown },
  ) {
    super(message, options)
  }
}

export interface GroupCommitOptions<T> {
  sink: BatchSink<T>
  /** how long a commit waits for company, ms */
  delayMs: number
  /** how long rows that nobody waits for are gathered, ms: each transaction costs as much as a dozen of them */
  lazyMs: number
  /** rows at which a batch is written without waiting, and about the most that one transaction takes */
  batchRows: number
  /** rows that may wait while the store fails; more are refused */
  maxRows: number
  /** told of failures that no caller is waiting for */
  onError: (error: Error) => void
}

interface Waiter {
  /** number of the last entry it waits for */
  upTo: number
  resolve(): void
  reject(error: unknown): void
}

interface Entry<T> {
  n: number
  row: T
  /** who gave this row to commit(): it is withdrawn when that commit fails */
  owner: Waiter | null
}

const RETRY_MIN_MS = 100
const RETRY_MAX_MS = 5_000

/**
 * Gathers rows and writes them in batches, in order. Whoever calls `commit` is told only once its rows are durable;
 * all callers of the same few ms share one fsync.
 */
export class GroupCommit<T> {
  readonly #options: GroupCommitOptions<T>
  #queue: Entry<T>[] = []
  /** rows that were perhaps written: kept ones, and those whose commit was told that they never will be */
  #doubt: { kept: Entry<T>[]; withdrawn: T[] } | null = null
  #waiters: Waiter[] = []
  #last = 0
  #writes = 0
  #synced = 0
  #writing: Promise<void> | null = null
  #cycle: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null
  #pausing = false
  /** the timer was set when nobody waited */
  #lazy = false
  #failure: Error | null = null
  #retryMs = RETRY_MIN_MS
  #closed = false

  constructor(options: GroupCommitOptions<T>) {
    this.#options = options
  }

  /** @throws LedgerError when closed, or when too many rows already wait for a store that fails */
  append(rows: readonly T[]): void {
    this.#admit(rows.length)
    for (const row of rows) this.#queue.push({ n: ++this.#last, row, owner: null })
    if (rows.length > 0) this.#wake()
  }

  /**
   * Resolves when `rows` and everything appended before are durable. When it rejects, `rows` were withdrawn and will
   * never be written; rows of `append` stay and are tried again.
   */
  commit(rows: readonly T[] = []): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#admit(rows.length)
      const idle = this.#queue.length === 0 && this.#doubt === null
      if (rows.length === 0 && idle && this.#writes === this.#synced) return resolve()
      const waiter = { upTo: this.#last + rows.length, resolve, reject }
      for (const row of rows) this.#queue.push({ n: ++this.#last, row, owner: waiter })
      this.#waiters.push(waiter)
      this.#wake()
    })
  }

  /** Writes everything appended so far, so that a query sees it. */
  async flush(): Promise<void> {
    const upTo = this.#last
    while (this.#first <= upTo) {
      this.#writing ??= this.#writeChunk().finally(() => {
        this.#writing = null
      })
      await this.#writing
    }
  }

  /** Writes everything appended so far, if a row like this may be among it. @returns `null` when none is */
  flushIf(isIt: (row: T) => boolean): Promise<void> | null {
    return this.#mayHold(isIt) ? this.flush() : null
  }

  /** With many rows that wait `true` for all. */
  #mayHold(isIt: (row: T) => boolean): boolean {
    if (this.#doubt !== null || this.#queue.length > this.#options.batchRows) return true
    return this.#queue.some(({ row }) => isIt(row))
  }

  /** Number of the first row that is not written; beyond all numbers when there is none. */
  get #first(): number {
    if (this.#doubt !== null) return this.#doubt.kept[0]?.n ?? 0
    return this.#queue[0]?.n ?? Number.POSITIVE_INFINITY
  }

  /** Something was written beside the queue: the next commit has to sync it too. */
  wrote(): void {
    this.#writes++
  }

  /** Last flush and sync. @throws LedgerError when rows could not be written: they are lost */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await this.#cycle
    await this.#runCycle()
    if (this.#writes > this.#synced) await this.#options.sink.sync()
    if (this.#queue.length > 0 || this.#doubt !== null) {
      const hint = `${this.#queue.length + (this.#doubt?.kept.length ?? 0)} rows could not be written before the end`
      throw new LedgerError(faultOf(this.#failure), hint, { cause: this.#failure })
    }
  }

  #admit(count: number): void {
    if (this.#closed) throw new LedgerError('lost', 'it was closed; open it again')
    const { maxRows } = this.#options
    if (this.#queue.length + (this.#doubt?.kept.length ?? 0) + count <= maxRows) return
    const why =
      this.#failure?.message ??
      'they come faster than they are written: await commit() between them'
    throw new LedgerError(
      faultOf(this.#failure),
      `${maxRows} rows already wait to be written (${why})`,
      {
        cause: this.#failure,
      },
    )
  }

  #wake(): void {
    if (this.#cycle !== null || this.#closed) return
    if (this.#failure !== null && this.#waiters.length === 0) this.#pause()
    else if (this.#queue.length >= this.#options.batchRows) this.#start()
    else {
      const lazy = this.#waiters.length === 0
      // a timer that runs is good enough, unless somebody now waits for what it was to gather at leisure
      if (this.#timer !== null && !this.#pausing && (lazy || !this.#lazy)) return
      this.#arm(lazy ? this.#options.lazyMs : this.#options.delayMs)
      this.#lazy = lazy
    }
  }

  /** The store fails and nobody waits: try again less and less often. */
  #pause(): void {
    if (this.#timer !== null) return
    // A store that never comes back must not keep the process from ending; close() tries once more.
    this.#arm(this.#retryMs).unref()
    this.#pausing = true
    this.#retryMs = Math.min(2 * this.#retryMs, RETRY_MAX_MS)
  }

  #arm(ms: number): NodeJS.Timeout {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#pausing = false
    this.#timer = setTimeout(() => this.#start(), ms)
    return this.#timer
  }

  #start(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#cycle = this.#runCycle().finally(() => {
      this.#cycle = null
      if (this.#first < Number.POSITIVE_INFINITY || this.#waiters.length > 0) this.#wake()
    })
  }

  async #runCycle(): Promise<void> {
    await this.flush().catch((error: unknown) => this.#noteFailure(error))
    const head = this.#first
    const written = this.#waiters.filter((waiter) => waiter.upTo < head)
    if (written.length === 0) return
    this.#waiters = this.#waiters.filter((waiter) => waiter.upTo >= head)
    try {
      const writes = this.#writes
      if (writes > this.#synced) await this.#options.sink.sync()
      this.#synced = writes
      for (const waiter of written) waiter.resolve()
    } catch (error) {
      for (const waiter of written) waiter.reject(error)
    }
  }

  async #writeChunk(): Promise<void> {
    if (this.#doubt !== null) return this.#settleDoubt(this.#doubt)
    const queue = this.#queue
    let size = Math.min(queue.length, this.#options.batchRows)
    // Rows of one commit stand or fall together.
    while (
      size < queue.length &&
      queue[size]?.owner != null &&
      queue[size]?.owner === queue[size - 1]?.owner
    )
      size++
    const chunk = queue.slice(0, size)
    try {
      await this.#options.sink.write(chunk.map((entry) => entry.row))
    } catch (error) {
      const refused = error instanceof RefusedRow ? chunk[error.index] : undefined
      if (refused !== undefined && error instanceof Error) return this.#refuse(refused, error)
      if (error instanceof InDoubt) {
        this.#queue.splice(0, size)
        this.#doubt = {
          kept: chunk.filter((entry) => entry.owner === null),
          withdrawn: chunk.filter((entry) => entry.owner !== null).map((entry) => entry.row),
        }
      }
      return this.#fail(error instanceof InDoubt ? error.fault : error)
    }
    this.#queue.splice(0, size)
    this.#wrote()
  }

  /** A failure before this is over, and one that comes later is a new one. */
  #wrote(): void {
    this.#writes++
    this.#failure = null
    this.#retryMs = RETRY_MIN_MS
  }

  /** What was perhaps written is known before anything else is. */
  async #settleDoubt({ kept, withdrawn }: { kept: Entry<T>[]; withdrawn: T[] }): Promise<void> {
    try {
      const written = await this.#options.sink.settle?.(withdrawn)
      this.#doubt = null
      if (written === true) this.#wrote()
      else this.#queue = [...kept, ...this.#queue]
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Everybody who waits learns of it now, before any other write can take up the rows they withdraw. */
  #fail(error: unknown): never {
    this.#noteFailure(error)
    const waiters = this.#waiters
    this.#waiters = []
    this.#queue = this.#queue.filter((entry) => entry.owner === null)
    for (const waiter of waiters) waiter.reject(error)
    throw error
  }

  /** Takes one impossible row out, with the rest of its commit, so that it does not hold up all others. */
  #refuse(entry: Entry<T>, error: Error): void {
    const { owner, n } = entry
    const told = this.#waiters.filter((waiter) =>
      owner === null ? waiter.upTo >= n && !this.#owns(waiter) : waiter === owner,
    )
    this.#waiters = this.#waiters.filter((waiter) => !told.includes(waiter))
    this.#queue = this.#queue.filter(
      (other) => other !== entry && (owner === null || other.owner !== owner),
    )
    for (const waiter of told) waiter.reject(error)
    if (told.length === 0) this.#options.onError(error)
  }

  #owns(waiter: Waiter): boolean {
    return this.#queue.some((entry) => entry.owner === waiter)
  }

  /** Callers that wait have been told; the first failure of an outage is reported besides. */
  #noteFailure(error: unknown): void {
    const first = this.#failure === null
    this.#failure = error instanceof Error ? error : new Error(String(error))
    if (first) this.#options.onError(this.#failure)
  }
}

function faultOf(failure: Error | null) {
  return failure instanceof LedgerError ? failure.fault : 'full'
}
