import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'

/** Others took less than this of one turn of the event loop: nobody waits, ms. */
const QUIET_MS = 0.5

/**
 * Between two steps of long work, each of which holds the event loop up: while the process has other work, it has it.
 * @param ms for so long at most
 */
export async function giveWay(ms: number): Promise<void> {
  await turn()
  const since = performance.now()
  await turn()
  if (performance.now() - since > QUIET_MS) await pause(ms)
}
