import type { Format } from './format.js'

/** SMS messages of MessageBird: each has its recipients, and each recipient its price. */
export const messagebird: Format = {
  name: 'messagebird',
  source: 'https://developers.messagebird.com/api/sms-messaging/',
  columns: {
    id: ['id'],
    at: ['createddatetime', 'recipients.items.statusdatetime'],
    to: ['recipients.items.recipient'],
    status: ['recipients.items.status'],
    price: ['recipients.items.price.amount'],
    currency: ['recipients.items.price.currency'],
    segments: ['recipients.items.messagepartcount'],
    error: ['recipients.items.statuserrorcode'],
    direction: ['direction'],
  },
  signature: [['id'], ['recipients.items.recipient'], ['createddatetime']],
  each: 'recipients.items',
  international: true,
  noError: ['0'],
}

/** Messages of Bird's Channels API. It names no prices. */
export const bird: Format = {
  name: 'bird',
  source: 'https://docs.bird.com/api/channels-api/message-status-and-interactions',
  columns: {
    id: ['id'],
    at: ['createdat'],
    to: ['receiver.contacts.identifiervalue'],
    status: ['status'],
    segments: ['parts'],
    error: ['failure.code'],
    direction: ['direction'],
  },
  signature: [['id'], ['channelid'], ['receiver.contacts.identifiervalue'], ['createdat']],
  each: 'receiver.contacts',
}
