import { STATUS } from '../../message-log.js'
import type { Format } from './format.js'

/**
 * Requests of Tollgate's own ledger: the columns of `RequestRow`. Where it pseudonymises, numbers are read from their
 * block, and the last four digits are masked.
 */
export const tollgateLedger: Format = {
  name: 'tollgate-ledger',
  source: 'src/ledger/rows.ts',
  columns: {
    id: ['id'],
    at: ['at'],
    to: ['number'],
    block: ['block'],
    status: ['credit'],
    price: ['pricemicrousd'],
    outcome: ['credit'],
    ip: ['ip'],
  },
  signature: [['number'], ['at'], ['verdict'], ['pricemicrousd'], ['credit']],
  currency: 'USD',
  priceUnits: 1_000_000,
  statuses: { earned: STATUS.delivered, activated: STATUS.delivered, lost: STATUS.sent },
}

/** Traffic as `tollgate simulate` writes and `tollgate replay` reads it. */
export const tollgateTraffic: Format = {
  name: 'tollgate-traffic',
  source: 'src/lab/traffic.ts',
  columns: {
    id: ['id'],
    at: ['at'],
    to: ['to'],
    delivered: ['potential.deliveredms'],
    price: ['pricemicrousd'],
    error: ['potential.deliveryerror'],
    verified: ['potential.verifiedms'],
    ip: ['ip'],
  },
  signature: [['id'], ['at'], ['to'], ['potential.verifiedms']],
  currency: 'USD',
  priceUnits: 1_000_000,
}
