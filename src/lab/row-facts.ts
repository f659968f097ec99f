import type { Facts, NumberFacts, SourceFacts } from '../engine/facts.js'
import { createNetwork } from '../network/source.js'
import { createPhone } from '../phone/parse.js'
import { examplePrices } from '../phone/prices.js'
import type { FactSources } from '../verify/core.js'
import type { TrafficRow } from './traffic.js'

/** What the leaf modules know of a row, for all who are asked about it. */
export type RowFacts = (row: TrafficRow) => Facts

/** Real numbering plans and networks, example prices where a row has none; numbers are keyed by themselves. */
export function labSources(): FactSources {
  return {
    parseNumber: createPhone().parse,
    sourceFacts: createNetwork().sourceFacts,
    priceOf: examplePrices().priceOf,
    numberKey: (e164) => e164,
  }
}

export const createRowFacts =
  ({ parseNumber, sourceFacts, priceOf }: FactSources): RowFacts =>
  (row) => {
    const number: NumberFacts = parseNumber(row.to)
    const source: SourceFacts = sourceFacts(row.ip)
    return {
      service: row.service,
      number,
      source,
      context: {
        deviceId: row.deviceId,
        accountId: row.accountId,
        sessionId: row.sessionId,
        userAgent: row.userAgent,
        sessionAgeMs: row.sessionAgeMs,
        precedingEvents: row.precedingEvents,
        apiKeyId: null,
      },
      priceMicroUsd: row.priceMicroUsd ?? (number.problem === null ? priceOf(number) : 0),
      listed: null,
      measured: null,
      challengePassed: false,
      reviewed: false,
    }
  }
