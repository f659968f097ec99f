import type { Format } from './format.js'

/** Delivery reports of Sinch, one for each recipient. They name no prices. */
export const sinch: Format = {
  name: 'sinch',
  source: 'https://developers.sinch.com/docs/sms/api-reference/sms/tag/Delivery-reports/',
  columns: {
    id: ['batchid'],
    at: ['at', 'createdat', 'operatorstatusat'],
    to: ['recipient'],
    status: ['status'],
    segments: ['numberofmessageparts'],
    error: ['code'],
  },
  signature: [['batchid'], ['recipient'], ['status'], ['at', 'createdat']],
  international: true,
  events: true,
  // codes below 402 are states, not errors: queued, dispatched
  noError: ['0', '400', '401'],
}
