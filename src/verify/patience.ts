import { SECOND } from '../engine/units.js'

/** Time that one request waits for its stores, ms: callers mostly give up after 10 to 30 s. */
export const REQUEST_MS = 10 * SECOND

/** The stores had their time. What was begun may still be done: whoever asks again may find it. */
export class StoresSlow extends Error {
  override readonly name = 'StoresSlow'
  constructor(readonly ms: number) {
    super(
      `the stores did not answer within ${ms / SECOND} s; no code leaves for this request any more, what else it changes may still be recorded`,
    )
  }
}

/** How long somebody waits for the stores, however many calls they are asked with. */
export interface Patience {
  /**
   * To be called before what cannot be taken back, such as handing a message over. From then on he hears how it ends, and
   * what is behind it has limits of its own.
   * @returns false where he was answered already, and it must not happen any more
   */
  seeThrough(): boolean
  /** he was answered: nothing is waited for any more */
  readonly over: boolean
  /** he has his answer by other means */
  end(): void
}

/** @param slow told once, when the time has passed */
export function startPatience(ms: number, slow: (error: StoresSlow) => void): Patience {
  let over = false
  const timer = setTimeout(() => {
    over = true
    slow(new StoresSlow(ms))
  }, ms)
  const end = (): void => clearTimeout(timer)
  return {
    seeThrough() {
      end()
      return !over
    },
    get over() {
      return over
    },
    end,
  }
}

/**
 * @param late told of what goes wrong when nobody waits for it any more
 * @throws StoresSlow
 */
export const patiently = <T>(
  ms: number,
  work: (patience: Patience) => Promise<T>,
  late: (error: unknown) => void,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const patience = startPatience(ms, reject)
    work(patience).then(
      (value) => {
        patience.end()
        resolve(value)
      },
      (error: unknown) => {
        patience.end()
        if (patience.over) late(error)
        else reject(error)
      },
    )
  })

/** Resolves when `work` ends, or when its time has passed: it goes on by itself. */
export const atMost = (ms: number, work: Promise<unknown>): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    work.then(
      () => {
        clearTimeout(timer)
        resolve()
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
