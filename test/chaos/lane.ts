import type { Socket } from 'node:net'
import type { WireFault } from './fault-proxy.js'

/** First retransmission of a lost packet, ms, and how often it is lost at most before we let it pass. */
const RETRANSMIT_MS = 200
const MOST_LOSSES = 6
/** The source is paused while more than this waits, bytes: a wire is no store. */
const MOST_WAITING = 1 << 20

interface Piece {
  bytes: Buffer | 'end'
  /** not before, monotonic ms */
  due: number
}

/** One direction of a connection: pieces in their order, each not before it is due. */
export class Lane {
  readonly #to: Socket | null
  readonly #from: Socket | null
  readonly #random: () => number
  readonly #queue: Piece[] = []
  #waiting = 0
  #last = 0
  #fault: WireFault | null = null
  #timer: NodeJS.Timeout | null = null
  #dropped = false
  #onDrained: (() => void) | null = null
  #onMended: (() => void)[] = []

  constructor(from: Socket | null, to: Socket | null, random: () => number) {
    this.#from = from
    this.#to = to
    this.#random = random
    from?.on('data', (bytes) => this.#take(bytes))
    from?.on('end', () => this.#take('end'))
    to?.on('drain', () => this.#flush())
  }

  set(fault: WireFault | null): void {
    this.#fault = fault
    this.#flush()
    if (this.#shut) return
    for (const then of this.#onMended.splice(0)) then()
  }

  /** Calls when everything that was taken has been given on, at once if it has. */
  drained(then: () => void): void {
    if (this.#queue.length === 0 && !this.#shut) then()
    else this.#onDrained = then
  }

  /** Calls when something passes again. */
  later(then: () => void): void {
    this.#onMended.push(then)
  }

  drop(): void {
    this.#dropped = true
    this.#queue.length = 0
    this.#onDrained = null
    this.#onMended = []
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  get #shut(): boolean {
    return this.#fault?.kind === 'partition' || this.#fault?.kind === 'half-open'
  }

  #take(bytes: Buffer | 'end'): void {
    if (this.#dropped || this.#to === null || this.#fault?.kind === 'half-open') return
    const size = bytes === 'end' ? 0 : bytes.length
    // pieces keep their order: one that is held up holds up those behind it, as a stream does
    this.#last = Math.max(this.#last, performance.now() + this.#delay(size))
    this.#queue.push({ bytes, due: this.#last })
    this.#waiting += size
    if (this.#waiting > MOST_WAITING) this.#from?.pause()
    this.#flush()
  }

  #delay(size: number): number {
    const fault = this.#fault
    switch (fault?.kind) {
      case 'latency':
        return fault.ms / 2
      case 'bandwidth': {
        const behind = Math.max(0, this.#last - performance.now())
        return behind + (size / fault.bytesPerSecond) * 1_000
      }
      case 'loss': {
        let ms = 0
        for (let again = 0; again < MOST_LOSSES && this.#random() < fault.share; again++)
          ms += RETRANSMIT_MS * 2 ** again
        return ms
      }
      default:
        return 0
    }
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const to = this.#to
    if (this.#dropped || this.#shut || to === null) return
    for (let piece = this.#queue[0]; piece !== undefined; piece = this.#queue[0]) {
      const inMs = piece.due - performance.now()
      if (inMs > 0) {
        this.#timer = setTimeout(() => this.#flush(), Math.ceil(inMs))
        return
      }
      if (to.writableNeedDrain) return
      this.#queue.shift()
      if (piece.bytes === 'end') to.end()
      else {
        to.write(piece.bytes)
        this.#waiting -= piece.bytes.length
      }
      if (this.#waiting <= MOST_WAITING && this.#from?.isPaused()) this.#from.resume()
    }
    this.#onDrained?.()
    this.#onDrained = null
  }
}
