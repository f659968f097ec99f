import { STATUS } from '../../message-log.js'
import type { Format } from './format.js'

/** Delivery status logs of Amazon SNS as CloudWatch keeps them, one JSON object a line. */
export const awsSns: Format = {
  name: 'aws-sns',
  source: 'https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html',
  columns: {
    id: ['notification.messageid'],
    at: ['notification.timestamp'],
    to: ['delivery.destination'],
    status: ['delivery.providerresponse', 'status'],
    price: ['delivery.priceinusd'],
    segments: ['delivery.numberofmessageparts'],
  },
  signature: [['notification.messageid'], ['delivery.destination'], ['notification.timestamp']],
  currency: 'USD',
  international: true,
  utc: true,
  // a log says SUCCESS where the carrier took the message; the provider's answer says whether the phone did
  statuses: { success: STATUS.sent },
}

/** Daily usage report of Amazon SNS: a row for each part of a message, each with its own price. */
export const awsSnsUsage: Format = {
  name: 'aws-sns-usage',
  source: 'https://docs.aws.amazon.com/sns/latest/dg/sms_stats_usage.html',
  columns: {
    id: ['messageid'],
    at: ['publishtimeutc'],
    to: ['destinationphonenumber'],
    status: ['deliverystatus'],
    price: ['priceinusd'],
    segments: ['totalparts'],
    part: ['partnumber'],
  },
  signature: [['publishtimeutc'], ['destinationphonenumber'], ['priceinusd']],
  currency: 'USD',
  pricePerSegment: true,
  international: true,
}

/** Events of AWS End User Messaging, bare or inside an EventBridge event. The price is in USD, the carrier's fee on top. */
export const awsEndUserMessaging: Format = {
  name: 'aws-end-user-messaging',
  source:
    'https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-format.html',
  columns: {
    id: ['messageid', 'detail.messageid'],
    at: [
      'messagerequesttimestamp',
      'eventtimestamp',
      'detail.messagerequesttimestamp',
      'detail.eventtimestamp',
    ],
    to: ['destinationphonenumber', 'detail.destinationphonenumber'],
    status: ['eventtype', 'messagestatus', 'detail.eventtype', 'detail.messagestatus'],
    price: ['totalmessageprice', 'detail.totalmessageprice'],
    fee: ['totalcarrierfee', 'detail.totalcarrierfee'],
    segments: ['totalmessageparts', 'detail.totalmessageparts'],
  },
  signature: [
    ['messageid', 'detail.messageid'],
    ['destinationphonenumber', 'detail.destinationphonenumber'],
    ['eventtimestamp', 'detail.eventtimestamp'],
    ['eventtype', 'detail.eventtype'],
  ],
  currency: 'USD',
  events: true,
}

/** SMS events of Amazon Pinpoint's event stream. */
export const awsPinpoint: Format = {
  name: 'aws-pinpoint',
  source: 'https://docs.aws.amazon.com/pinpoint/latest/developerguide/event-streams-data-sms.html',
  columns: {
    id: ['attributes.messageid'],
    at: ['eventtimestamp'],
    to: ['attributes.destinationphonenumber'],
    status: ['attributes.recordstatus', 'eventtype'],
    price: ['metrics.priceinmillicentsusd'],
    segments: ['attributes.numberofmessageparts'],
  },
  signature: [
    ['attributes.messageid'],
    ['attributes.destinationphonenumber'],
    ['eventtimestamp'],
    ['attributes.recordstatus'],
  ],
  currency: 'USD',
  priceUnits: 100_000,
  events: true,
}
