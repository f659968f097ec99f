import type { Change, Incident } from './change.js'
import type { OutcomeSeen, RangeKeys, RefusedSeen, SendSeen } from './events.js'

/** What a decision may know about the ranges of its number. One object, reused: read it before the next call. */
export interface Facing {
  /** the block or sub-block takes no message before this time, Unix ms; 0: not quarantined */
  quarantinedUntil: number
  /** log-odds of an attack from sends that are overdue, 0 to 4: asks for a challenge, never denies */
  tightened: number
  /** log-odds of an attack from the count of requests in the block alone, 0 to 6: asks for a challenge, never denies */
  surprise: number
  /** the route fails or is slow as a whole: learning, quarantine and losses are frozen */
  outage: boolean
  /** open incident whose ranges hold this number */
  incidentId: string | null
  /** an attack is open in this country and service */
  elevated: boolean
}

export interface DetectorOptions {
  /** baseline conversion of a route, 0.40 to 0.90 (`norms.p`) */
  conversionOf: (service: string, country: string) => number
  /** age at which an unverified send counts as lost, ms (`baseline.maturity`) */
  maturityOf: (service: string, country: string) => number
  /** ranges remembered at most, over all levels; the idle ones are forgotten. @default 1000000 */
  capacity?: number
  /** false discovery rate of incidents. @default 0.01 */
  falseDiscoveryRate?: number
  /** false alarm probability of an automatic quarantine. @default 1e-6 */
  quarantineAlpha?: number
}

export interface Detector {
  sent(send: SendSeen): void
  refused(refusal: RefusedSeen): void
  observe(outcome: OutcomeSeen): void
  /** A narrow line reached `hard`. True when a quarantine begins: the caller may write its debt off. */
  exhausted(keys: RangeKeys, level: 'subBlock' | 'block', now: number): boolean
  /** Background pass, every few seconds. */
  pass(now: number): Change[]
  facing(keys: RangeKeys, now: number): Facing
  /** Attack and outage incidents that are not closed. */
  incidents(): Incident[]
  /** JSON-safe. */
  snapshot(): DetectorSnapshot
  restore(snapshot: DetectorSnapshot): void
}

export type DetectorSnapshot = Record<string, unknown>
