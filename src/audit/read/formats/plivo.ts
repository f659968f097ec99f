import type { Format } from './format.js'

/** Message detail records of Plivo: pages of the API, or the log as exported by its console. */
export const plivo: Format = {
  name: 'plivo',
  source: 'https://www.plivo.com/docs/messaging/api/messages/',
  columns: {
    id: ['messageuuid'],
    at: ['messagetime'],
    to: ['tonumber'],
    status: ['messagestate'],
    price: ['totalamount'],
    segments: ['units'],
    error: ['errorcode'],
    direction: ['messagedirection'],
    channel: ['messagetype'],
  },
  signature: [['messageuuid'], ['tonumber'], ['messagetime'], ['messagestate']],
  currency: 'USD',
  international: true,
  noError: ['000', '0'],
}
