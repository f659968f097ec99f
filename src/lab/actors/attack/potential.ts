import type { Random } from '../../random.js'
import type { Potential } from '../../traffic.js'

/**
 * When an attacker who reads his own codes enters them: as people do, always so long after the message came, or as fast as
 * a SIM bank hands them to a script.
 */
export type EntryDelay =
  | { kind: 'human' }
  | { kind: 'constant'; ms: number; jitterMs: number }
  | { kind: 'fast' }

/** Codes that the attacker enters, to look like a customer. */
export interface Verifies {
  /** of messages that arrive, 0 to 1 */
  share: number
  delay: EntryDelay
  /** of the entered: the account goes on to do what customers do, 0 to 1 @default 0 */
  activates?: number
  /** requests whose code is entered come from so many devices of their own; absent: from any */
  devices?: number
}

/** Chances of passing each kind of challenge, 0 to 1. */
export interface Solves {
  pow: number
  captcha: number
  channel: number
}

/** Latency of a message: median 3 s, 95 % within 10 s, as vendors publish it for working routes. */
const LATENCY_MEDIAN_MS = 3_000
const LATENCY_SIGMA = 0.7
/** People's time from send to code: median 20.7 s, 95 % within 76 s (fitted to published verification delays). */
const HUMAN_MEDIAN_MS = 20_700
const HUMAN_SIGMA = 0.794
/** Least time to read and type a code, ms. */
const HUMAN_LEAST_MS = 3_000
/** What a SIM bank forwards and a script enters, ms after arrival. */
const FAST_MS = { least: 250, most: 900 }

function entryMs(delay: EntryDelay, arrives: number, random: Random): number {
  if (delay.kind === 'human')
    return Math.max(arrives + HUMAN_LEAST_MS, random.lognormal(HUMAN_MEDIAN_MS, HUMAN_SIGMA))
  if (delay.kind === 'fast')
    return arrives + FAST_MS.least + random.next() * (FAST_MS.most - FAST_MS.least)
  return arrives + delay.ms + delay.jitterMs * (2 * random.next() - 1)
}

/**
 * What becomes of one message of an attacker.
 * @param verifies `null`: this code is not entered
 * @param dead nobody has the number
 */
export function potentialOf(
  verifies: Verifies | null,
  solves: Solves,
  dead: boolean,
  random: Random,
): Potential {
  const arrives = Math.round(random.lognormal(LATENCY_MEDIAN_MS, LATENCY_SIGMA))
  const entered = verifies !== null && !dead
  return {
    deliveredMs: dead ? null : arrives,
    deliveryError: dead ? 'unallocated' : null,
    verifiedMs: entered ? Math.round(entryMs(verifies.delay, arrives, random)) : null,
    solves: {
      pow: random.chance(solves.pow),
      captcha: random.chance(solves.captcha),
      channel: random.chance(solves.channel),
    },
    activates: entered && random.chance(verifies.activates ?? 0),
  }
}
