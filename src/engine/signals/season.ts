import { median } from '../median.js'
import { HOUR } from '../units.js'

/** Hours of a week; slot 0 is the first hour of Thursday, UTC, as the epoch began. */
const WEEK = 168
/** Complete hours after which a key has a usual hour: useful after one day. */
const MIN_HOURS = 24
/** An hour of the week seen this often speaks for itself. */
const LEARNED_WEEKS = 2
/** Once learned, it moves by this part a week at most: who wants to be usual must be patient. */
const STEP = 0.1
/** Or by one message, or an hour that was silent would stay silent for ever. */
const SMALLEST_STEP = 1

/** What is usual in an hour: messages an hour. */
export interface Usual {
  median: number
  /** median absolute deviation */
  spread: number
  /** the mean hour of the week, as far as seen */
  flat: number
}

interface KeyState {
  hour: number
  /** messages in the running hour */
  count: number
  /** the running hour is not to be learned: it began before the key was known, or is flagged */
  skip: boolean
  /** complete hours since the key was first seen */
  seen: number
  medians: Float32Array
  spreads: Float32Array
  weeks: Uint8Array
  usual: Usual | null
  /** the slot learned last, as it was before: a flag that comes late takes it back */
  undo: { slot: number; median: number; spread: number; weeks: number } | null
}

export interface SeasonOptions {
  /** keys remembered at most, 1.6 KB each; the longest idle is forgotten. @default 4096 */
  capacity?: number
}

export type SeasonSnapshot = {
  key: string
  hour: number
  count: number
  skip: boolean
  seen: number
  medians: number[]
  spreads: number[]
  weeks: number[]
  undo: KeyState['undo']
}[]

const clamp = (x: number, most: number): number => Math.max(-most, Math.min(most, x))

/**
 * What is usual by hour of the week, per key (service, country, operator). From the second day the same hour of the
 * other days stands in, then the mean hour; from the third week each hour of the week speaks for itself.
 */
export function createSeason({ capacity = 4_096 }: SeasonOptions = {}) {
  const keys = new Map<string, KeyState>()

  /** Medians of the same hour of the day, on all days seen. */
  function sameHour(state: KeyState, slot: number): number[] {
    const found: number[] = []
    for (let s = slot % 24; s < WEEK; s += 24)
      if ((state.weeks[s] as number) > 0) found.push(state.medians[s] as number)
    return found
  }

  function learn(state: KeyState, slot: number, count: number): void {
    const weeks = state.weeks[slot] as number
    const m = state.medians[slot] as number
    const spread = state.spreads[slot] as number
    state.undo = { slot, median: m, spread, weeks }
    if (weeks === 0) {
      state.medians[slot] = count
      state.spreads[slot] = 0
    } else if (weeks < LEARNED_WEEKS) {
      // two weeks and the other days together outvote one odd hour
      const value = median([m, count, median(sameHour(state, slot))])
      state.medians[slot] = value
      state.spreads[slot] = (Math.abs(m - value) + Math.abs(count - value)) / 2
    } else {
      state.medians[slot] = m + clamp(count - m, Math.max(SMALLEST_STEP, STEP * m))
      state.spreads[slot] =
        spread +
        clamp(Math.abs(count - m) - spread, Math.max(SMALLEST_STEP, STEP * Math.max(m, spread)))
    }
    state.weeks[slot] = Math.min(255, weeks + 1)
  }

  /** Every hour that passed is learned, silent ones too; of a long silence the last week. */
  function roll(state: KeyState, at: number): void {
    const now = Math.floor(at / HOUR)
    if (now <= state.hour) return
    const passed = now - state.hour
    if (!state.skip) learn(state, state.hour % WEEK, state.count)
    for (let h = Math.max(state.hour + 1, now - WEEK); h < now; h++) learn(state, h % WEEK, 0)
    state.seen += passed - (state.seen === 0 && state.skip ? 1 : 0)
    state.hour = now
    state.count = 0
    state.skip = false
    state.usual = null
  }

  function compute(state: KeyState): Usual | null {
    const slot = state.hour % WEEK
    let sum = 0
    let known = 0
    for (let s = 0; s < WEEK; s++)
      if ((state.weeks[s] as number) > 0) {
        sum += state.medians[s] as number
        known++
      }
    if (known === 0) return null
    const flat = sum / known
    if ((state.weeks[slot] as number) >= LEARNED_WEEKS)
      return { median: state.medians[slot] as number, spread: state.spreads[slot] as number, flat }
    const days = sameHour(state, slot)
    const value = days.length === 0 ? flat : median(days)
    // no day had this hour unflagged: then any hour
    const from =
      days.length === 0 ? [...state.medians].filter((_, s) => (state.weeks[s] as number) > 0) : days
    return { median: value, spread: median(from.map((x) => Math.abs(x - value))), flat }
  }

  function forgetIdle(): void {
    let idle: string | null = null
    let oldest = Number.POSITIVE_INFINITY
    for (const [key, state] of keys)
      if (state.hour < oldest) {
        oldest = state.hour
        idle = key
      }
    if (idle !== null) keys.delete(idle)
  }

  return {
    /** The first send of a session. */
    count(key: string, at: number): void {
      let state = keys.get(key)
      if (state === undefined) {
        if (keys.size >= capacity) forgetIdle()
        state = {
          hour: Math.floor(at / HOUR),
          count: 0,
          // the hour in which a key is first seen is not a whole one
          skip: true,
          seen: 0,
          medians: new Float32Array(WEEK),
          spreads: new Float32Array(WEEK),
          weeks: new Uint8Array(WEEK),
          usual: null,
          undo: null,
        }
        keys.set(key, state)
      }
      roll(state, at)
      state.count++
    },

    /** What is usual in the hour of `at`; `null` before one day. Computed once an hour. */
    usual(key: string, at: number): Readonly<Usual> | null {
      const state = keys.get(key)
      if (state === undefined) return null
      roll(state, at)
      if (state.seen < MIN_HOURS) return null
      state.usual ??= compute(state)
      return state.usual
    },

    /** The hour of `at` is part of an attack, an outage or a launch: it is not learned, even if it just was. */
    exclude(key: string, at: number): void {
      const state = keys.get(key)
      if (state === undefined) return
      const hour = Math.floor(at / HOUR)
      if (hour >= state.hour) {
        roll(state, at)
        state.skip = true
      } else if (state.undo !== null && state.undo.slot === hour % WEEK) {
        const { slot, median: m, spread, weeks } = state.undo
        state.medians[slot] = m
        state.spreads[slot] = spread
        state.weeks[slot] = weeks
        state.undo = null
        state.usual = null
      }
    },

    size: (): number => keys.size,

    snapshot: (): SeasonSnapshot =>
      [...keys].map(([key, { hour, count, skip, seen, medians, spreads, weeks, undo }]) => ({
        key,
        hour,
        count,
        skip,
        seen,
        medians: [...medians],
        spreads: [...spreads],
        weeks: [...weeks],
        undo: undo === null ? null : { ...undo },
      })),

    restore(snapshot: SeasonSnapshot): void {
      keys.clear()
      for (const { key, hour, count, skip, seen, medians, spreads, weeks, undo } of snapshot)
        keys.set(key, {
          hour,
          count,
          skip,
          seen,
          medians: Float32Array.from(medians),
          spreads: Float32Array.from(spreads),
          weeks: Uint8Array.from(weeks),
          usual: null,
          undo: undo === null ? null : { ...undo },
        })
    },
  }
}

export type Season = ReturnType<typeof createSeason>
