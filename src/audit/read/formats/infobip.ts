import type { Format } from './format.js'

/** Logs and delivery reports of Infobip (versions 1 to 3 of its SMS API). The price is for one of the parts. */
export const infobip: Format = {
  name: 'infobip',
  source:
    'https://www.infobip.com/docs/api/channels/sms/logs-and-status-reports/get-outbound-sms-message-logs-v3',
  columns: {
    id: ['messageid'],
    at: ['sentat', 'doneat'],
    to: ['to', 'destination'],
    status: ['status.groupname', 'status.name'],
    price: ['price.pricepermessage'],
    currency: ['price.currency'],
    segments: ['smscount', 'messagecount'],
    error: ['error.name'],
  },
  signature: [
    ['messageid'],
    ['to', 'destination'],
    ['sentat'],
    ['status.groupname', 'price.pricepermessage'],
  ],
  pricePerSegment: true,
  international: true,
  noError: ['NO_ERROR', 'OK'],
}
