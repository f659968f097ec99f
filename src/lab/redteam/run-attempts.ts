import { Worker } from 'node:worker_threads'
import type { PlatformOptions } from './platform.js'
import type { Attempt, Ground, Trial } from './trial.js'

/** What a thread answers to an attempt. */
export type Answer = { trial: Trial } | { error: string }

export interface Attempts {
  /** Tries all, as many at once as there are threads; results in the order of the attempts. */
  tryAll(attempts: readonly Attempt[]): Promise<Trial[]>
  close(): Promise<void>
}

/** @param threads 1: no thread of its own, tried on the ground given */
export function createAttempts(
  options: PlatformOptions,
  threads: number,
  ground: Ground,
): Attempts {
  return threads === 1 ? onGround(ground) : onThreads(options, threads)
}

function onGround(ground: Ground): Attempts {
  return {
    async tryAll(attempts) {
      const trials: Trial[] = []
      for (const attempt of attempts) trials.push(await ground.attempt(attempt))
      return trials
    },
    close: async () => undefined,
  }
}

function onThreads(options: PlatformOptions, threads: number): Attempts {
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./worker.js', import.meta.url), { workerData: options }),
  )
  const one = (worker: Worker, attempt: Attempt): Promise<Trial> =>
    new Promise((done, failed) => {
      const failsWith = (error: Error): void => {
        worker.off('message', hears)
        failed(error)
      }
      const hears = (answer: Answer): void => {
        worker.off('error', failsWith)
        if ('trial' in answer) done(answer.trial)
        else failed(new Error(`${JSON.stringify(attempt)}: ${answer.error}`))
      }
      worker.once('message', hears)
      worker.once('error', failsWith)
      worker.postMessage(attempt)
    })
  return {
    async tryAll(attempts) {
      const trials: Trial[] = []
      let next = 0
      const work = async (worker: Worker): Promise<void> => {
        for (let i = next++; i < attempts.length; i = next++) {
          const attempt = attempts[i]
          if (attempt !== undefined) trials[i] = await one(worker, attempt)
        }
      }
      await Promise.all(workers.map(work))
      return trials
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
