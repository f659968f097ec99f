import type { Format } from './format.js'

/**
 * Twilio's messages: list pages of the API, the bulk export (one JSON object a line) and the log as exported by the
 * console (`From,To,Body,Status,SentDate,ApiVersion,NumSegments,ErrorCode,AccountSid,Sid,Direction,Price,PriceUnit`).
 */
export const twilioMessages: Format = {
  name: 'twilio-messages',
  source: 'https://www.twilio.com/docs/messaging/api/message-resource',
  columns: {
    id: ['sid', 'messagesid'],
    at: ['datesent', 'sentdate', 'datecreated', 'createddate'],
    to: ['to'],
    status: ['status'],
    price: ['price'],
    currency: ['priceunit'],
    segments: ['numsegments'],
    error: ['errorcode'],
    direction: ['direction'],
  },
  signature: [
    ['sid', 'messagesid'],
    ['to'],
    ['datesent', 'sentdate', 'datecreated', 'createddate'],
    ['numsegments', 'priceunit', 'apiversion', 'messagingservicesid', 'accountsid'],
  ],
  noError: ['0'],
}
