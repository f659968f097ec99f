import type { LineStore } from '../port.js'
import type { Journal } from './journal.js'
import { limited } from './limited.js'

/** A store that can say whether it answers. */
export type SharedLines = LineStore & { healthy(): Promise<boolean> }

export interface OutageOptions {
  store: SharedLines
  journal: Journal
  /** time limit of one call, ms */
  timeoutMs: number
  /** failures one after the other that open the circuit */
  failures: number
  /** between two probes, ms */
  probeMs: number
  /** between two looks at a store that is not lost, ms */
  lookMs: number
  /** see `FailSafeOptions.rebuilt` */
  rebuilt: () => Promise<number | null>
  /** told of every change of `at` */
  changed(): void
  onError(error: Error): void
}

/** Answers in a row that close the circuit: one may be the last of a store that is going down. */
const ANSWERS = 2
/** As many at most, of a store that comes and goes: 16 s of them, which leaves all who wait for its return their 30 s. */
const MOST_ANSWERS = 32
/** A look that nobody waits for has as many times the limit of a call: only a store that is really gone is late. */
const LOOK_LIMITS = 4
/** Lost again so soon after it was back, a store is asked for twice as many the next time, ms. */
const SOON_MS = 30_000

/**
 * Whether the shared store can be asked. `returning`: it answers again, and gets what happened without it before
 * anybody decides on it: otherwise it would give the same credit a second time. The probes are the gateway's own;
 * no request waits to find out.
 */
export class Outage {
  at: 'ok' | 'lost' | 'returning' = 'ok'
  readonly #options: OutageOptions
  #failed = 0
  #answered = 0
  #needed = ANSWERS
  #backAt = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | null = null
  #looking = false
  #closed = false
  /** looks in a row that got no answer */
  #silent = 0
  #watching = false
  readonly #looks: NodeJS.Timeout

  constructor(options: OutageOptions) {
    this.#options = options
    this.#looks = setInterval(() => void this.#watch(), options.lookMs).unref()
  }

  succeeded(): void {
    this.#failed = 0
  }

  failed(error: unknown): void {
    if (this.at !== 'ok') return
    if (++this.#failed >= this.#options.failures) this.#lost(error)
  }

  #lost(error: unknown): void {
    const { onError } = this.#options
    onError(error instanceof Error ? error : new Error(String(error)))
    const soon = performance.now() - this.#backAt < SOON_MS
    this.#needed = soon ? Math.min(2 * this.#needed, MOST_ANSWERS) : ANSWERS
    this.#to('lost')
    this.#answered = 0
    this.#silent = 0
    this.#next()
  }

  /** Something waits to be carried over though the circuit is closed: a single call had failed. */
  owes(): void {
    if (this.at === 'ok') this.#next()
  }

  /** With nobody at work no call fails: a store that is gone would be thought well all night. */
  async #watch(): Promise<void> {
    const { store, timeoutMs, failures } = this.#options
    if (this.at !== 'ok' || this.#watching) return
    this.#watching = true
    const answers = await limited(store.healthy(), LOOK_LIMITS * timeoutMs).catch(() => false)
    this.#watching = false
    this.#silent = answers ? 0 : this.#silent + 1
    if (this.#silent < failures || this.at !== 'ok' || this.#closed) return
    this.#lost(
      new Error('the shared store of lines does not answer; see that it runs and can be reached'),
    )
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#looks)
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #to(at: Outage['at']): void {
    this.at = at
    this.#options.changed()
  }

  #next(): void {
    // one probe at a time: two that find the store back would both carry over what waits
    if (this.#timer !== null || this.#looking || this.#closed) return
    this.#timer = setTimeout(async () => {
      this.#timer = null
      this.#looking = true
      const again = await this.#look()
      this.#looking = false
      if (again || this.#options.journal.size > 0) this.#next()
    }, this.#options.probeMs).unref()
  }

  /** @returns whether to look again */
  async #look(): Promise<boolean> {
    const { store, timeoutMs, onError } = this.#options
    const answers = await limited(store.healthy(), timeoutMs).catch(() => false)
    this.#answered = answers ? this.#answered + 1 : 0
    const enough = this.at === 'ok' ? 1 : this.#needed
    if (this.#closed) return false
    if (this.#answered < enough) return true
    const before = this.at
    if (before === 'lost') this.#to('returning')
    try {
      await this.#bringUpToDate(before === 'lost')
      if (this.#closed) return false
      this.#failed = 0
      if (this.at === 'returning') {
        this.#backAt = performance.now()
        this.#to('ok')
      }
      // lost meanwhile
      return this.at !== 'ok'
    } catch (error) {
      this.#answered = 0
      if (this.at === 'returning') {
        onError(error instanceof Error ? error : new Error(String(error)))
        this.#to('lost')
      }
      return true
    }
  }

  async #bringUpToDate(wasLost: boolean): Promise<void> {
    const { store, journal, timeoutMs, rebuilt } = this.#options
    const known = journal.size
    const until = wasLost ? await rebuilt() : null
    if (until !== null) journal.forget(known, until)
    const timed: Pick<LineStore, 'charge' | 'settle'> = {
      charge: async (...given) => limited(Promise.resolve(store.charge(...given)), timeoutMs),
      settle: async (...given) => limited(Promise.resolve(store.settle(...given)), timeoutMs),
    }
    // what comes in meanwhile is carried over too; when nothing is left the circuit closes in the same turn
    while (journal.size > 0 && !this.#closed) await journal.carryOver(timed)
  }
}
