import type { Facts } from '../facts.js'
import type { SignalCounters } from './counters.js'
import type { Drift } from './mix.js'

export type { RangeCounters, SignalCounters, SourceCounters, Sums } from './counters.js'

/** Signals of a group say the same thing in other words: only the strongest of a group counts. */
export const SIGNAL_GROUPS = [
  'number',
  'range',
  'rhythm',
  'country',
  'source',
  'network',
  'client',
  'session',
  'conversion',
  'proof',
  'carrier',
  'intel',
] as const
export type SignalGroup = (typeof SIGNAL_GROUPS)[number]

/** Unit of what a signal observed; `null` for a plain fact. */
export type SignalUnit =
  | 'numbers'
  | 'messages'
  | 'messages_hourly'
  | 'countries'
  | 'pairs'
  | 'share'
  | 'ratio'
  | 'ms'
  | 'days'

/** What a carrier's interface says of the number. A field is `null` where it does not say. */
export interface CarrierFacts {
  /** the SIM was changed that long ago */
  simSwappedMsAgo: number | null
  /** the subscription has existed that long */
  tenureMs: number | null
  /** the number changed hands since it was last verified here */
  recycled: boolean | null
  /** the number is in service */
  active: boolean | null
}

/** Confidence, 0 to 1, with which outside knowledge names this request's number, range or source; 0 for no hit. */
export interface IntelHits {
  number: number
  range: number
  source: number
}

/** Numbers joined to this one by shared devices, accounts or sessions. */
export interface Cluster {
  numbers: number
  verified: number
}

export interface SignalContext {
  facts: Facts
  counters: SignalCounters
  /** baseline conversion of the country */
  p: number
  /** mean sends of an active block of the country in a day (baseline); 0 when unknown */
  meanPerBlock: number
  /** the service names no markets, or the number is in one of them */
  inMarket: boolean
  now: number
  /** the service reports no outcomes: conversion says nothing, volume must carry it */
  unreported?: boolean
  /** drift of the country mix, asked for this number's country (`createMix`) */
  mix?: Drift | null
  /** what this pair of IP country and number country verified and lost (`createRoutes`) */
  route?: { verified: number; lost: number } | null
  /** the address hides its user, where the network facts know it */
  anonymity?: 'vpn' | 'tor' | null
  carrier?: CarrierFacts
  intel?: IntelHits
  cluster?: Cluster
}

/** What a signal has seen, before it is weighed. */
export interface Observed {
  observed: number | null
  expected: number | null
  /** of the observation, ms; `null` for a plain fact */
  windowMs: number | null
}

/** One signal: when it is there, how strong, and what it weighs until the service's own outcomes say better. */
export interface Signal {
  code: string
  group: SignalGroup
  /** log-odds (natural log) of pumped against not when it is fully there, -4 to 4; the reason stands beside it */
  start: number
  /** why the start weight is what it is, with its source */
  why: string
  /** what was seen, for a person: completes "observed 41 ...", or the whole statement of a plain fact */
  says: string
  unit: SignalUnit | null
  /**
   * `labels`: the signal speaks of codes that are entered, so that outcomes would teach it the wrong way round; only
   * later labels (fraud, activated) move its weight. @default 'outcomes'
   */
  learns?: 'outcomes' | 'labels'
  /**
   * Strength, 0 (absent) to 1 (brings its whole weight). When present, what was seen is left in `seen`, which is the
   * caller's and comes with all fields `null`: a request allocates nothing for what it does not show.
   */
  read(context: SignalContext, seen: Observed): number
}
