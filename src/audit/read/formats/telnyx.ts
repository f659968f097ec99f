import type { Format } from './format.js'

/** Message detail records of Telnyx: pages of the API, and detail reports as CSV. The carrier's fee is on top. */
export const telnyx: Format = {
  name: 'telnyx',
  source: 'https://developers.telnyx.com/api-reference/detail-records/search-detail-records',
  columns: {
    id: ['uuid', 'id', 'messageid'],
    at: ['sentat', 'createdat'],
    to: ['cld'],
    status: ['deliverystatus', 'status'],
    price: ['cost'],
    fee: ['carrierfee'],
    currency: ['currency'],
    segments: ['parts'],
    error: ['errors.code', 'errors'],
    direction: ['direction'],
  },
  signature: [['cld'], ['cli'], ['sentat', 'createdat'], ['parts', 'messagetype']],
}
