import { Worker } from 'node:worker_threads'
import type { Job, JobResult } from './job.js'

export interface RunOptions {
  jobs: readonly Job[]
  /** threads at most, at least 1 */
  threads: number
  /** told in the order in which jobs end */
  onResult: (result: JobResult) => void
}

/** What a thread answers to a job. */
export type Answer = { result: JobResult } | { error: string }

/**
 * Plays every job, each on one thread, as many at once as there are threads. The longest first would end sooner, but
 * how long a job takes is not known before.
 * @throws Error of the first job that failed; the threads end
 */
export async function runJobs({ jobs, threads, onResult }: RunOptions): Promise<void> {
  let next = 0
  const play = (worker: Worker): Promise<void> =>
    new Promise((done, failed) => {
      let playing: Job | undefined
      const give = (): void => {
        playing = jobs[next++]
        if (playing === undefined) done()
        else worker.postMessage(playing)
      }
      worker.on('message', (answer: Answer) => {
        if ('error' in answer) {
          failed(new Error(`${JSON.stringify(playing)}: ${answer.error}`))
          return
        }
        onResult(answer.result)
        give()
      })
      worker.on('error', failed)
      give()
    })
  const workers = Array.from(
    { length: Math.min(threads, jobs.length) },
    () => new Worker(new URL('./worker.js', import.meta.url)),
  )
  try {
    await Promise.all(workers.map(play))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}
