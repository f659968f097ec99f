/**
 * A time limit for many calls by one timer: a timer of its own costs a call more than the rest of its book-keeping.
 * Calls end up to a quarter of the limit late.
 */
interface Waiting {
  until: number
  reject: ((error: Error) => void) | null
}

export class TimeLimit {
  #waiting: Waiting[] = []
  readonly #timer: NodeJS.Timeout

  constructor(
    readonly limitMs: number,
    readonly late: () => Error,
  ) {
    this.#timer = setInterval(() => this.#look(), limitMs / 4).unref()
  }

  /** @param mend what a failure is told as */
  of<T>(work: Promise<T>, mend: (error: unknown) => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { until: performance.now() + this.limitMs, reject }
      this.#waiting.push(waiting)
      work.then(
        (value) => {
          waiting.reject = null
          resolve(value)
        },
        (error: unknown) => {
          waiting.reject = null
          reject(mend(error))
        },
      )
    })
  }

  close(): void {
    clearInterval(this.#timer)
    this.#waiting = []
  }

  /** In the order of their begin, which is that of their end. */
  #look(): void {
    const now = performance.now()
    let i = 0
    for (; i < this.#waiting.length; i++) {
      const waiting = this.#waiting[i]
      if (waiting === undefined || waiting.until > now) break
      waiting.reject?.(this.late())
    }
    this.#waiting.splice(0, i)
  }
}
