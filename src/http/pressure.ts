/**
 * Requests by what it would cost to turn them away, cheapest first. `start` asks for money to be spent and is asked
 * again by whoever wants it; `check` belongs to a message that is paid for; `receipt` and `operator` are how one gets
 * out of trouble.
 */
export const SHED_ORDER = ['start', 'check', 'receipt', 'operator'] as const
export type ShedClass = (typeof SHED_ORDER)[number]

export interface PressureOptions {
  /** requests at work at once from which `start` is shed; each further class has as much again. @default 1,000 */
  maxInFlight?: number
  /** lateness of the event loop from which `start` is shed, ms; each further class has as much again. @default 300 */
  loopDelayMs?: number
  /** how long every look must find it late, ms. @default 1,000 */
  loopDelayForMs?: number
  /** monotonic, ms. @default performance.now */
  clock?: () => number
}

/** How often the event loop is looked at, ms. */
export const LOOK_MS = 20
/** One pause, of the garbage collector or a snapshot, is no overload: several looks in a row must be late. */
const LOOKS = 3

/**
 * Whether a gateway has more to do than it can. A queue that never empties within an interval is overload, one that
 * does is a burst: the lateness of the event loop is judged by the least of an interval, as CoDel judges queues
 * (Nichols and Jacobson, "Controlling Queue Delay", 2012).
 */
export class Pressure {
  inFlight = 0
  /** lateness at the last look, ms */
  delayMs = 0
  readonly #maxInFlight: number
  readonly #targetMs: number
  readonly #intervalMs: number
  readonly #clock: () => number
  /** per class: since when every look was late, and how many they are */
  readonly #lateSince: number[] = SHED_ORDER.map(() => Number.POSITIVE_INFINITY)
  readonly #lateLooks: number[] = SHED_ORDER.map(() => 0)
  #lookedAt: number

  constructor(options: PressureOptions = {}) {
    this.#maxInFlight = options.maxInFlight ?? 1_000
    this.#targetMs = options.loopDelayMs ?? 300
    this.#intervalMs = options.loopDelayForMs ?? 1_000
    this.#clock = options.clock ?? (() => performance.now())
    this.#lookedAt = this.#clock()
  }

  /** To be called every LOOK_MS by a timer: how much later than that it comes is the lateness. */
  look(): void {
    const now = this.#clock()
    this.delayMs = Math.max(0, now - this.#lookedAt - LOOK_MS)
    this.#lookedAt = now
    for (let rank = 0; rank < SHED_ORDER.length; rank++) {
      const late = this.delayMs > this.#targetMs * (rank + 1)
      this.#lateLooks[rank] = late ? (this.#lateLooks[rank] as number) + 1 : 0
      if (!late) this.#lateSince[rank] = Number.POSITIVE_INFINITY
      else if (this.#lateLooks[rank] === 1) this.#lateSince[rank] = now - this.delayMs
    }
  }

  /** Why a request of a class is to be turned away now. @param rank place in SHED_ORDER */
  sheds(rank: number): 'in_flight' | 'event_loop' | null {
    if (this.inFlight >= this.#maxInFlight * (rank + 1)) return 'in_flight'
    return (this.#lateLooks[rank] as number) >= LOOKS &&
      this.#lookedAt - (this.#lateSince[rank] as number) >= this.#intervalMs
      ? 'event_loop'
      : null
  }
}
