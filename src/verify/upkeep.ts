/** Work that is due by the clock, whoever calls or not. */
export interface UpkeepJob {
  everyMs: number
  run(): Promise<unknown>
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
  const timers = jobs.map(({ everyMs, run }) => {
    let busy = false
    const timer = setInterval(() => {
      if (busy) return
      busy = true
      const work = run()
        .then(
          () => undefined,
          (error: unknown) => onError(error instanceof Error ? error : new Error(String(error))),
        )
        .finally(() => {
          busy = false
          atWork.delete(work)
        })
      atWork.add(work)
    }, everyMs)
    return timer.unref()
  })
  return async () => {
    for (const timer of timers) clearInterval(timer)
    await Promise.all(atWork)
  }
}
