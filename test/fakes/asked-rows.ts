import type { Contender, ContenderVerdict } from '../../src/lab/contender.js'
import { createRowFacts, labSources } from '../../src/lab/row-facts.js'
import type { Potential, TrafficRow } from '../../src/lab/traffic.js'

/** Monday 16 November 2026, midnight UTC. */
export const T0 = Date.UTC(2026, 10, 16)

/** A person who gets the code after 2 s, enters it after 20 s, and passes any challenge. */
export const potential = (part: Partial<Potential> = {}): Potential => ({
  deliveredMs: 2_000,
  deliveryError: null,
  verifiedMs: 20_000,
  solves: { pow: true, captcha: true, channel: true },
  activates: true,
  ...part,
})

/** @param at ms after {@link T0} */
export const row = (id: string, at: number, part: Partial<TrafficRow> = {}): TrafficRow => ({
  id,
  at: T0 + at,
  service: 'signup',
  to: '+2348031234567',
  ip: null,
  deviceId: null,
  accountId: null,
  sessionId: null,
  userAgent: null,
  sessionAgeMs: null,
  precedingEvents: null,
  priceMicroUsd: 100_000,
  retryOf: null,
  potential: potential(),
  ...part,
})

/** The nth number of a Nigerian operator's range: each in a block of its own. */
export const nigerian = (nth: number): string => `+23480${31_000_000 + nth * 10_000}`
/** The nth address of a Nigerian carrier. */
export const address = (nth: number): string => `105.112.${nth >> 8}.${nth & 255}`

const rowFacts = createRowFacts(labSources())

/** Asks one contender as the contest would, for rules that answer at once. */
export function asking(contender: Contender) {
  let asked = 0
  const ask = (at: number, part: Partial<TrafficRow> = {}, solved = false): ContenderVerdict => {
    const asking_ = row(`r${asked++}`, at, part)
    const verdict = contender.decide(asking_, rowFacts(asking_), solved)
    if (verdict instanceof Promise) throw new TypeError(`${contender.name} answers later`)
    return verdict
  }
  return {
    ask,
    /** verdicts of so many requests, one a millisecond, each varied by its number */
    many: (n: number, at: number, of: (i: number) => Partial<TrafficRow>) =>
      Array.from({ length: n }, (_, i) => ask(at + i, of(i)).verdict),
    verified(at: number, part: Partial<TrafficRow> = {}): void {
      const one = row('v', at, part)
      contender.outcome(one, rowFacts(one), 'verified', one.at)
    },
  }
}
