/** What a job has done where it has left more to do: it runs again at once, unless all are to stop. */
export const MORE = Symbol('more')

/** Work that is due by the clock, whoever calls or not. */
export interface UpkeepJob {
  everyMs: number
  /**
   * A round of it, which those who wait for the end of all wait for.
   * @param stopped aborted when all are to stop: work that takes long ends before it is done
   */
  run(stopped?: AbortSignal): Promise<unknown>
}

/**
 * Runs each job again and again, never twice at once. The timers do not keep a process alive that is otherwise done.
 * @param onError told when a job fails; it runs again at its next time
 * @returns stops all and waits for what is at work
 */
export function startUpkeep(
  jobs: readonly UpkeepJob[],
  onError: (error: Error) => void,
): () => Promise<void> {
  const atWork = new Set<Promise<void>>()
  const stopping = new AbortController()
  const all = async ({ run }: UpkeepJob): Promise<void> => {
    while ((await run(stopping.signal)) === MORE && !stopping.signal.aborted);
  }
  const timers = jobs.map((job) => {
    let busy = false
    const timer = setInterval(() => {
      if (busy) return
      busy = true
      const work = all(job)
        .catch((error: unknown) =>
          onError(error instanceof Error ? error : new Error(String(error))),
        )
        .finally(() => {
          busy = false
          atWork.delete(work)
        })
      atWork.add(work)
    }, job.everyMs)
    return timer.unref()
  })
  return async () => {
    stopping.abort()
    for (const timer of timers) clearInterval(timer)
    await Promise.all(atWork)
  }
}
