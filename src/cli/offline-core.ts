import type { Policy } from '../engine/policy.js'
import { type MemoryLines, memoryLines } from '../lines/memory/memory.js'
import { createNetwork } from '../network/source.js'
import { createPhone } from '../phone/parse.js'
import type { PriceTable } from '../phone/prices.js'
import { type Core, createCore } from '../verify/core.js'
import type { Config } from './config.js'

/** Same traffic, same hashes, same decisions: nobody attacks a replay. */
const SEED = 1

export interface OfflineOptions {
  policy: Policy
  prices: PriceTable
  config: Pick<Config, 'defaultCountry' | 'network' | 'capacity'>
  /** @default the number itself */
  numberKey?: (e164: string) => string
}

/** The gateway's core by itself: decides under any clock, records and sends nothing. */
export function offlineCore(options: OfflineOptions): {
  core: Core
  lines: MemoryLines
  numberKey: (e164: string) => string
} {
  const { policy, prices, config, numberKey = (e164) => e164 } = options
  const { defaultCountry, network, capacity } = config
  const lines = memoryLines({ seed: SEED, capacity })
  const core = createCore({
    policy,
    policyVersion: 0,
    lines,
    facts: {
      parseNumber: createPhone(defaultCountry === null ? {} : { defaultCountry }).parse,
      sourceFacts: createNetwork(network).sourceFacts,
      priceOf: prices.priceOf,
      numberKey,
    },
  })
  return { core, lines, numberKey }
}
