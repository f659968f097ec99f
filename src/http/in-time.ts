import { LedgerError } from '../ledger/port.js'

/** A ledger that stands still must not hold up what can be answered without it, ms. */
const ANSWER_MS = 1_000

/** What the ledger answers. @throws LedgerError `lost` when it does not within a second */
export function inTime<T>(asked: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = new LedgerError('lost', `it did not answer within ${ANSWER_MS} ms`)
    const timer = setTimeout(() => reject(late), ANSWER_MS)
    asked.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
