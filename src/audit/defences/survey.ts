import { createPhone } from '../../phone/parse.js'
import {
  currencyOf,
  type MessagePrices,
  type PricingOptions,
  pricesOf,
  rateOf,
} from '../analyse/message-prices.js'
import type { MessageLog } from '../message-log.js'
import { type Places, placesOf } from './places.js'

export type SurveyOptions = PricingOptions

/** A log with what is known of each of its messages before anybody judges it. */
export interface Survey {
  log: MessageLog
  places: Places
  prices: MessagePrices
  currency: string
}

/** The last survey of a log: three parts of an audit ask for it one after the other. */
const surveys = new WeakMap<MessageLog, { size: number; survey: Survey }>()

/** Places and prices of all messages of a log, found once for as long as the log does not grow. */
export function surveyOf(log: MessageLog, options: SurveyOptions = {}): Survey {
  const currency = currencyOf(log)
  const rate = rateOf(currency, options)
  const known = surveys.get(log)
  const { prices } = known?.survey ?? {}
  const same = prices?.usdPerUnit === rate && (options.list ?? prices?.list) === prices?.list
  if (known?.size === log.size && same) return known.survey
  const places = placesOf(log, createPhone())
  const survey = { log, places, prices: pricesOf(log, places.read, rate, options.list), currency }
  surveys.set(log, { size: log.size, survey })
  return survey
}
