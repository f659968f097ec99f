import { createPhone } from '../../phone/parse.js'
import type { MessageLog } from '../message-log.js'
import { currencyOf, type MessagePrices, pricesOf } from './message-prices.js'
import { type Places, placesOf } from './places.js'

export interface SurveyOptions {
  /** US dollars for one unit of the log's currency @default 1 where it is USD, else unknown */
  usdPerUnit?: number
}

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
export function surveyOf(log: MessageLog, { usdPerUnit }: SurveyOptions = {}): Survey {
  const currency = currencyOf(log)
  const rate = usdPerUnit ?? (currency === 'USD' ? 1 : null)
  const known = surveys.get(log)
  if (known?.size === log.size && known.survey.prices.usdPerUnit === rate) return known.survey
  const places = placesOf(log, createPhone())
  const survey = { log, places, prices: pricesOf(log, places, rate), currency }
  surveys.set(log, { size: log.size, survey })
  return survey
}
