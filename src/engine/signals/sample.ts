import type { ContextFacts, Facts, NumberFacts, SourceFacts } from '../facts.js'
import { emptyRange, emptySource, type RangeCounters, type SourceCounters } from './counters.js'
import type { SignalContext } from './signal.js'

/** What a sample differs in from an ordinary request. */
export interface Variation extends Partial<Omit<SignalContext, 'facts' | 'counters'>> {
  number?: Partial<NumberFacts>
  source?: Partial<SourceFacts>
  client?: Partial<ContextFacts>
  block?: Partial<RangeCounters>
  operator?: Partial<RangeCounters>
  country?: Partial<RangeCounters>
  ip?: Partial<SourceCounters>
  subnet?: Partial<SourceCounters>
  network?: Partial<SourceCounters>
  device?: Partial<SourceCounters>
  account?: Partial<SourceCounters>
}

/** An ordinary request in the market, in the evening, from a phone, in which no signal is there. */
export function sampleContext(v: Variation = {}): SignalContext {
  const { number, source, client, block, operator, country, ip, subnet, network, device } = v
  const { account, ...rest } = v
  const facts: Facts = {
    service: 'signup',
    number: {
      e164: '+2348031234567',
      problem: null,
      country: 'NG',
      callingCode: '234',
      type: 'MOBILE',
      operator: 'MTN',
      allocated: true,
      operatorRange: 'NG/MTN',
      block: '+234803123',
      subBlock: '+2348031234',
      ...number,
    },
    source: {
      ip: '102.89.1.2',
      ipKey: '102.89.1.2',
      subnetKey: '102.89.1.0/24',
      asn: 29465,
      asnName: 'MTN',
      country: 'NG',
      hosting: false,
      ...source,
    },
    context: {
      deviceId: 'd1',
      accountId: null,
      sessionId: 's1',
      userAgent: 'Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36',
      sessionAgeMs: 60_000,
      precedingEvents: 7,
      apiKeyId: null,
      ...client,
    },
    priceMicroUsd: 100_000,
    listed: null,
    measured: null,
    challengePassed: false,
    reviewed: false,
  }
  const busy = { sends1h: 60, sends15m: 15, verified1h: 40, lost1h: 17, firstSeenDays: 300 }
  const usual = { usualHourly: 42, usualSpread: 5, usualFlat: 30 }
  return {
    facts,
    counters: {
      block: { ...emptyRange(), firstSeenDays: 200, ...block },
      operator: { ...emptyRange(), ...busy, ...usual, ...operator },
      country: { ...emptyRange(), ...busy, ...usual, ...country },
      ip: { ...emptySource(), ...ip },
      subnet: { ...emptySource(), ...subnet },
      network: { ...emptySource(), ...network },
      device: { ...emptySource(), ...device },
      account: account === undefined ? null : { ...emptySource(), ...account },
      sessionSends: 0,
    },
    p: 0.7,
    meanPerBlock: 1.1,
    inMarket: true,
    now: Date.UTC(2026, 10, 16, 19),
    ...rest,
  }
}
