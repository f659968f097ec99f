import type { Direct, Others } from '../direct.js'
import { isRefusal } from './faults.js'
import type { Hot } from './hot.js'
import { ownRequests } from './own-requests.js'
import { ownSends } from './own-sends.js'
import { ownVerifications } from './own-verifications.js'
import { ownSettle } from './settle.js'

/** Asks of one statement: it takes some ms. */
const MOST = 200

/**
 * What every verification asks of the ledger, many of them in one statement. What is told is as durable as with a statement
 * each: a caller has its answer when the statement has committed.
 */
export function ownQueries(hot: Omit<Hot, 'limits'>, others: Others): Direct {
  const all: Hot = { ...hot, limits: { most: MOST, isOfOne: isRefusal } }
  return {
    ...ownVerifications(all),
    ...ownSends(all, others.updateSend),
    ...ownRequests(all, others.requests),
    ...ownSettle(all),
  }
}
