import type { Format } from './format.js'

/** Reports of Vonage for the products SMS and MESSAGES, CSV or JSON. */
export const vonageSms: Format = {
  name: 'vonage-sms',
  source: 'https://developer.vonage.com/en/api/reports',
  columns: {
    id: ['messageid', 'messageuuid'],
    at: ['datereceived', 'datesent', 'datefinalized'],
    to: ['to'],
    status: ['status'],
    price: ['totalprice', 'price'],
    currency: ['currency'],
    segments: ['messagepartscount', 'partscount'],
    error: ['errorcode'],
    direction: ['direction'],
    channel: ['provider'],
  },
  signature: [
    ['messageid', 'messageuuid'],
    ['to'],
    ['datereceived', 'datefinalized'],
    ['totalprice', 'clientref', 'network', 'networkname', 'errorcodedescription'],
  ],
  currency: 'EUR',
  international: true,
  noError: ['0'],
}
