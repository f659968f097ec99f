import type { Format } from './format.js'

/**
 * Verifications of Vonage: answers of Verify search, and reports of the products VERIFY-API and VERIFY-V2. The status is
 * the outcome; how far the message came is not said.
 */
export const vonageVerify: Format = {
  name: 'vonage-verify',
  source: 'https://developer.vonage.com/en/api/verify#verifySearch',
  columns: {
    id: ['requestid'],
    at: ['firsteventdate', 'datesubmitted', 'datereceived', 'datestarted'],
    to: ['number', 'to', 'phonenumber'],
    price: ['price', 'totalprice', 'estimatedpricemessagessent'],
    currency: ['currency'],
    outcome: ['status'],
    channel: ['channel'],
  },
  signature: [
    ['requestid'],
    ['number', 'to', 'phonenumber'],
    ['status'],
    ['firsteventdate', 'datesubmitted', 'datereceived', 'datestarted'],
  ],
  currency: 'EUR',
  international: true,
  utc: true,
}
