import { LedgerError } from '../ledger/port.js'
import type { Life } from './context.js'
import { atMost } from './patience.js'

/** Records that wait for a ledger in trouble; what is lost beyond them, maturity and the next start put right. */
const MAX_OWED = 10_000

/**
 * Records what has already happened: a message that left, a code that was right. When the ledger cannot take it now,
 * the caller's answer stays true and the record is made good at a later tick; one that takes long is not waited for.
 * @param work safe to be run again from its beginning
 */
export function insist(life: Life, work: () => Promise<unknown>): Promise<void> {
  const recorded = work().catch((error: unknown) => {
    if (!(error instanceof LedgerError)) throw error
    if (life.owed.length < MAX_OWED) life.owed.push(work)
    life.warn(error)
  })
  return atMost(life.requestMs, recorded)
}

/** @throws LedgerError as long as the ledger takes nothing; what is owed stays owed */
export async function payOwed(life: Life): Promise<void> {
  for (let work = life.owed[0]; work !== undefined; work = life.owed[0]) {
    await work()
    life.owed.shift()
  }
}
