import { Outstanding } from './outstanding.js'

/** Scripts that are on their way at once: Redis has the next while the gateway works on the last. */
const ON_THEIR_WAY = 4

interface Waiting<T, R> {
  item: T
  resolve(result: R): void
  reject(error: unknown): void
}

/**
 * What comes while that many scripts are on their way goes together with the next. One alone goes at once.
 * @param most items of one script: Redis does nothing else while it runs
 * @param send answers with a result for each item, or an error where only that one failed
 */
export function together<T, R>(
  most: number,
  send: (items: readonly T[]) => Promise<(R | Error)[]>,
) {
  const waiting: Waiting<T, R>[] = []
  const unanswered = new Outstanding()
  let onTheirWay = 0
  let asleep = true

  /** After all that goes on now: what the answers of one script lead to is one script again. */
  function wake(): void {
    if (!asleep || waiting.length === 0 || onTheirWay >= ON_THEIR_WAY) return
    asleep = false
    process.nextTick(start)
  }

  function start(): void {
    asleep = true
    while (waiting.length > 0 && onTheirWay < ON_THEIR_WAY) void run(waiting.splice(0, most))
  }

  async function run(batch: readonly Waiting<T, R>[]): Promise<void> {
    onTheirWay++
    try {
      const results = await send(batch.map(({ item }) => item))
      for (const [i, { resolve, reject }] of batch.entries()) {
        const result = results[i] as R | Error
        if (result instanceof Error) reject(result)
        else resolve(result)
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    onTheirWay--
    unanswered.end(batch.length)
    wake()
  }

  return {
    add: (item: T): Promise<R> =>
      new Promise((resolve, reject) => {
        unanswered.begin()
        waiting.push({ item, resolve, reject })
        wake()
      }),
    /** Everything has its answer. */
    done: (): Promise<void> => unanswered.none(),
  }
}
