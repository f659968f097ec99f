/**
 * What is usual, learned from every matured send: conversion per country, verified spend per hour, sends per active
 * block, time to verify. Robust and slow on purpose. Learning only from what the gate lets through, or letting the
 * baseline chase its own decisions, wedges a gate shut on legitimate traffic.
 */

import { addToSketch, createSketch, estimate } from './hyperloglog.js'
import { median } from './median.js'
import type { Norms } from './norms.js'
import { DAY, HOUR, MINUTE } from './units.js'

const HOURS = 14 * 24
/** An hour speaks for conversion once it has this many sessions. */
const HOUR_SESSIONS = 5
/** Hours that must have spoken before the learned value replaces the prior's pull. */
const MIN_HOURS = 24
const P_MIN = 0.4
const P_MAX = 0.9
/** A learned p moves at most 2 points a week. */
const P_STEP_PER_HOUR = 0.02 / (7 * 24)
/** Sessions a prior is worth in the confidence bound. */
const PRIOR_SESSIONS = 50
/** Floor of the bound's standard error: blocks and routes differ even at any number of sessions. */
const P_WOBBLE = 0.015
/** Log-spaced bins of the time to verify, 5 s to 1,280 s. */
const DELAY_BINS = 17
const DELAY_FIRST_MS = 5_000

interface CountryState {
  hour: number
  p: number
  /** sessions and verified per hour, ring of 14 days */
  sessions: Float64Array
  verified: Float64Array
  delays: Float64Array
  blockDay: number
  blocks: Uint8Array
  blockSends: number
  /** mean sends per active block of the last full day */
  meanPerBlock: number
}

interface SpendState {
  firstHour: number
  hour: number
  verifiedMicroUsd: Float64Array
  expected: number
}

export interface Observation {
  service: string
  country: string
  operatorRange: string
  abroad: boolean
  verified: boolean
  /** the loss was counted before: this corrects it */
  late: boolean
  priceMicroUsd: number
  /** time of the send and of the outcome, Unix ms */
  sentAt: number
  at: number
}

export interface BaselineOptions {
  priorOf: (service: string, country: string) => number
  maturityMs: (service: string) => number
  /** countries and operators remembered at most; the longest idle are forgotten. @default 20000 */
  capacity?: number
}

export interface BaselineSnapshot {
  countries: [string, Record<string, unknown>][]
  spend: [string, Record<string, unknown>][]
}

/** A clock that was far ahead has come back: learning goes on from here, or it would stand still until that time. */
const isBack = ({ hour: reached }: { hour: number }, hour: number): boolean =>
  hour < reached - HOURS

const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x))

export function createBaseline({ priorOf, maturityMs, capacity = 20_000 }: BaselineOptions) {
  const countries = new Map<string, CountryState>()
  const spend = new Map<string, SpendState>()
  const cached = new Map<string, Map<string, { hour: number; norms: Norms }>>()

  function countryOf(service: string, country: string, at: number): CountryState {
    const key = `${service}|${country}`
    let state = countries.get(key)
    const hour = Math.floor(at / HOUR)
    if (state === undefined) {
      state = {
        hour,
        p: clamp(priorOf(service, country), P_MIN, P_MAX),
        sessions: new Float64Array(HOURS),
        verified: new Float64Array(HOURS),
        delays: new Float64Array(DELAY_BINS),
        blockDay: Math.floor(at / DAY),
        blocks: createSketch(),
        blockSends: 0,
        meanPerBlock: 0,
      }
      forget(countries)
      countries.set(key, state)
    }
    if (isBack(state, hour)) Object.assign(state, { hour, blockDay: Math.floor(hour / 24) })
    if (hour > state.hour) advance(state, hour)
    return state
  }

  function advance(state: CountryState, hour: number): void {
    const rates: number[] = []
    for (let i = 0; i < HOURS; i++) {
      const n = state.sessions[i] as number
      if (n >= HOUR_SESSIONS) rates.push((state.verified[i] as number) / n)
    }
    if (rates.length >= MIN_HOURS) {
      const target = clamp(median(rates), P_MIN, P_MAX)
      const step = P_STEP_PER_HOUR * Math.min(HOURS, hour - state.hour)
      state.p = clamp(state.p + clamp(target - state.p, -step, step), P_MIN, P_MAX)
    }
    for (let h = Math.max(state.hour + 1, hour - HOURS + 1); h <= hour; h++) {
      state.sessions[h % HOURS] = 0
      state.verified[h % HOURS] = 0
    }
    const halved = 0.5 ** ((hour - state.hour) / (7 * 24))
    for (let i = 0; i < DELAY_BINS; i++) state.delays[i] = (state.delays[i] as number) * halved
    state.hour = hour
  }

  function spendOf(key: string, at: number, create: boolean): SpendState | undefined {
    let state = spend.get(key)
    const hour = Math.floor(at / HOUR)
    if (state === undefined) {
      if (!create) return undefined
      state = { firstHour: hour, hour, verifiedMicroUsd: new Float64Array(HOURS), expected: 0 }
      forget(spend)
      spend.set(key, state)
    }
    if (isBack(state, hour)) Object.assign(state, { hour, firstHour: hour })
    if (hour > state.hour) {
      for (let h = Math.max(state.hour + 1, hour - HOURS + 1); h <= hour; h++)
        state.verifiedMicroUsd[h % HOURS] = 0
      state.hour = hour
      const seen = Math.min(HOURS, hour - state.firstHour)
      // a destination without a day of history has no usual hour yet
      if (seen >= 24) {
        const hours: number[] = []
        for (let h = hour - seen; h < hour; h++)
          hours.push(state.verifiedMicroUsd[h % HOURS] as number)
        state.expected = median(hours)
      }
    }
    return state
  }

  function forget<T extends { hour: number }>(map: Map<string, T>): void {
    if (map.size < capacity) return
    let idle: string | null = null
    let oldest = Number.POSITIVE_INFINITY
    for (const [key, state] of map) {
      if (state.hour < oldest) {
        oldest = state.hour
        idle = key
      }
    }
    if (idle !== null) map.delete(idle)
  }

  function compute(service: string, country: string, operatorRange: string, now: number): Norms {
    const state = countries.get(`${service}|${country}`)
    if (state !== undefined && Math.floor(now / HOUR) > state.hour)
      advance(state, Math.floor(now / HOUR))
    const p = state?.p ?? clamp(priorOf(service, country), P_MIN, P_MAX)
    let n = PRIOR_SESSIONS
    if (state !== undefined) for (let i = 0; i < HOURS; i++) n += state.sessions[i] as number
    const error = Math.sqrt((p * (1 - p)) / n + P_WOBBLE ** 2)
    const hourly = (key: string): number => spendOf(`${service}|${key}`, now, false)?.expected ?? 0
    return {
      p,
      pLow: Math.max(P_MIN, p - 2 * error),
      countryHourlyMicroUsd: hourly(`c|${country}`),
      operatorHourlyMicroUsd: hourly(`o|${operatorRange}`),
      serviceHourlyMicroUsd: hourly('s'),
      abroadHourlyMicroUsd: hourly('a'),
    }
  }

  return {
    /** The first send of a session went out: who is active, for the earning cap by density. */
    sent(service: string, country: string, block: string, at: number): void {
      const state = countryOf(service, country, at)
      const day = Math.floor(at / DAY)
      if (day > state.blockDay) {
        state.meanPerBlock =
          state.blockSends === 0 ? 0 : state.blockSends / Math.max(1, estimate(state.blocks))
        state.blocks.fill(0)
        state.blockSends = 0
        state.blockDay = day
      }
      addToSketch(state.blocks, block)
      state.blockSends++
    },

    /** The first send of a session matured, one way or the other. */
    observe(o: Observation): void {
      const state = countryOf(o.service, o.country, o.at)
      const slot = state.hour % HOURS
      if (!o.late) state.sessions[slot] = (state.sessions[slot] as number) + 1
      if (!o.verified) return
      state.verified[slot] = (state.verified[slot] as number) + 1
      const delay = Math.max(1, o.at - o.sentAt)
      const bin = clamp(Math.ceil(2 * Math.log2(delay / DELAY_FIRST_MS)), 0, DELAY_BINS - 1)
      state.delays[bin] = (state.delays[bin] as number) + 1
      const keys = [
        `${o.service}|c|${o.country}`,
        `${o.service}|o|${o.operatorRange}`,
        `${o.service}|s`,
      ]
      if (o.abroad) keys.push(`${o.service}|a`)
      for (const key of keys) {
        const s = spendOf(key, o.at, true)
        if (s !== undefined)
          s.verifiedMicroUsd[s.hour % HOURS] =
            (s.verifiedMicroUsd[s.hour % HOURS] as number) + o.priceMicroUsd
      }
    },

    /** Computed once an hour per operator range: an hour is the step in which anything here moves. */
    norms(service: string, country: string, operatorRange: string, now: number): Norms {
      const hour = Math.floor(now / HOUR)
      let known = cached.get(service)
      if (known === undefined) {
        known = new Map()
        cached.set(service, known)
      }
      const hit = known.get(operatorRange)
      if (hit !== undefined && hit.hour === hour) return hit.norms
      if (known.size >= capacity) known.clear()
      const norms = compute(service, country, operatorRange, now)
      known.set(operatorRange, { hour, norms })
      return norms
    },

    /** Mean sends per active block of the last full day; 0 before the first. */
    meanPerBlock: (service: string, country: string): number =>
      countries.get(`${service}|${country}`)?.meanPerBlock ?? 0,

    /** Usual conversion of a country, 0.40 to 0.90. */
    conversion: (service: string, country: string): number =>
      countries.get(`${service}|${country}`)?.p ?? clamp(priorOf(service, country), P_MIN, P_MAX),

    /** Age at which an unverified send counts as lost: the country's own p95, 60 to 600 s; the policy's until learned. */
    maturity(service: string, country: string): number {
      const state = countries.get(`${service}|${country}`)
      let total = 0
      if (state !== undefined) for (const n of state.delays) total += n
      if (state === undefined || total < 200) return maturityMs(service)
      let seen = 0
      let bin = 0
      while (bin < DELAY_BINS - 1 && seen + (state.delays[bin] as number) < 0.95 * total)
        seen += state.delays[bin++] as number
      return clamp(DELAY_FIRST_MS * 2 ** (bin / 2), MINUTE, 10 * MINUTE)
    },

    snapshot(): BaselineSnapshot {
      return {
        countries: [...countries].map(([key, state]) => [key, plain(state)]),
        spend: [...spend].map(([key, state]) => [key, plain(state)]),
      }
    },

    restore(snapshot: BaselineSnapshot): void {
      countries.clear()
      cached.clear()
      spend.clear()
      for (const [key, s] of snapshot.countries) {
        countries.set(key, {
          hour: Number(s.hour),
          p: Number(s.p),
          sessions: Float64Array.from(s.sessions as number[]),
          verified: Float64Array.from(s.verified as number[]),
          delays: Float64Array.from(s.delays as number[]),
          blockDay: Number(s.blockDay),
          blocks: Uint8Array.from(s.blocks as number[]),
          blockSends: Number(s.blockSends),
          meanPerBlock: Number(s.meanPerBlock),
        })
      }
      for (const [key, s] of snapshot.spend) {
        spend.set(key, {
          firstHour: Number(s.firstHour),
          hour: Number(s.hour),
          verifiedMicroUsd: Float64Array.from(s.verifiedMicroUsd as number[]),
          expected: Number(s.expected),
        })
      }
    },
  }
}

/** Typed arrays as plain arrays, so that a snapshot survives JSON. */
const plain = (state: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(state).map(([k, v]) => [
      k,
      ArrayBuffer.isView(v) ? Array.from(v as Uint8Array) : v,
    ]),
  )
