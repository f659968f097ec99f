import { Worker } from 'node:worker_threads'
import type { RecordedRow } from './recorded-row.js'
import { createTrial, type TrialSetup, type TrialSummary } from './trial.js'

/** Where a trial runs: what it is fed waits until it was replayed. */
export interface Host {
  feed(rows: readonly RecordedRow[]): Promise<{ rows: number; at: number }>
  finish(): Promise<TrialSummary>
  /** Ends it, finished or not. */
  close(): Promise<void>
}

/** What the thread is told, and what it answers. */
export type Order = { feed: readonly RecordedRow[] } | { finish: true }
export type Answer =
  | { fed: { rows: number; at: number } }
  | { finished: TrialSummary }
  | { error: string }

/** The event loop has a turn after so much work, ms: a tenth of what people notice. */
const SLICE_MS = 8

/** In this thread, in slices: where there is no compiled worker to start. */
function sliced(setup: TrialSetup, clock: () => number): Host {
  const trial = createTrial(setup)
  let since = clock()
  const breathe = (): Promise<void> | null => {
    if (clock() - since < SLICE_MS) return null
    return new Promise((resolve) =>
      setImmediate(() => {
        since = clock()
        resolve()
      }),
    )
  }
  return {
    feed: (rows) => trial.feed(rows, breathe),
    finish: () => trial.finish(breathe),
    close: async () => undefined,
  }
}

/** In a thread of its own. @throws Error of the thread, from whichever call is waiting */
function threaded(setup: TrialSetup): Host {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: setup })
  let waiting: { done: (answer: Answer) => void; failed: (error: Error) => void } | null = null
  let ended: Error | null = null
  const fail = (error: Error): void => {
    ended ??= error
    waiting?.failed(ended)
    waiting = null
  }
  worker.on('message', (answer: Answer) => {
    waiting?.done(answer)
    waiting = null
  })
  worker.on('error', fail)
  worker.on('exit', (code) => fail(new Error(`the replay's thread ended with ${code}`)))

  const ask = (order: Order): Promise<Answer> =>
    new Promise((done, failed) => {
      if (ended !== null) {
        failed(ended)
        return
      }
      waiting = { done, failed }
      worker.postMessage(order)
    })
  const wrong = (answer: Answer): Error =>
    new Error('error' in answer ? answer.error : 'the replay answered out of turn')
  return {
    async feed(rows) {
      const answer = await ask({ feed: rows })
      if ('fed' in answer) return answer.fed
      throw wrong(answer)
    },
    async finish() {
      const answer = await ask({ finish: true })
      if ('finished' in answer) return answer.finished
      throw wrong(answer)
    },
    async close() {
      ended ??= new Error('the replay was ended')
      await worker.terminate()
    },
  }
}

/** A thread where the compiled worker lies beside this file. */
export const openHost = (setup: TrialSetup, clock: () => number): Host =>
  import.meta.url.endsWith('.js') ? threaded(setup) : sliced(setup, clock)
