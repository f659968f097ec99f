import type { Format } from './format.js'

/** Attempts of Twilio Verify: pages of `GET /v2/Attempts`. The price is without Verify's own fee for a verification. */
export const twilioVerifyAttempts: Format = {
  name: 'twilio-verify-attempts',
  source: 'https://www.twilio.com/docs/verify/api/list-verification-attempts',
  columns: {
    id: ['sid'],
    at: ['datecreated'],
    to: ['channeldata.to'],
    status: ['channeldata.messagestatus'],
    price: ['price.value'],
    currency: ['price.currency'],
    error: ['channeldata.errorcode'],
    channel: ['channel'],
    outcome: ['conversionstatus'],
  },
  signature: [['conversionstatus'], ['channeldata.to'], ['datecreated']],
  noError: ['0'],
}
