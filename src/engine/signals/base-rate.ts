import { DAY } from '../units.js'
import { logOddsOf } from './calibration.js'

const HALF_LIFE_MS = 7 * DAY
/** Share of application messages that were pumped in 2023 (Enea and Mobilesquared: 4.8 %). */
const START = 0.048
/** Expected verifications the start is worth. */
const PSEUDO = 200
/** The baseline wobbles by this part of itself. */
const TOLERANCE = 0.03
/** No service is free of it, and none is so full of it that a stranger is guilty. */
const LOWEST = 0.002
const HIGHEST = 0.3

export interface BaseRateSnapshot {
  expected: number
  verified: number
  at: number | null
}

/** How much of a service's traffic is pumped before a request has been looked at: 1 - V/E over a week. */
export function createBaseRate() {
  let expected = 0
  let verified = 0
  let last: number | null = null

  return {
    /** A send matured; `late` corrects one counted as lost. */
    observe(p: number, isVerified: boolean, late: boolean, at: number): void {
      if (last !== null && at > last) {
        const by = 0.5 ** ((at - last) / HALF_LIFE_MS)
        expected *= by
        verified *= by
      }
      last = Math.max(last ?? at, at)
      if (!late) expected += p
      if (isVerified) verified++
    },

    /** Verifications that the sends heard of should have brought, decayed. */
    expected: (): number => expected,

    /** Share of pumped traffic, 0.002 to 0.3. */
    share(): number {
      const share = 1 - (verified + PSEUDO * (1 - START)) / (expected * (1 - TOLERANCE) + PSEUDO)
      return Math.max(LOWEST, Math.min(HIGHEST, share))
    },

    /** The same as prior log-odds, for `weigh`. */
    logOdds(): number {
      return logOddsOf(this.share())
    },

    snapshot: (): BaseRateSnapshot => ({ expected, verified, at: last }),
    restore(snapshot: BaseRateSnapshot): void {
      expected = snapshot.expected
      verified = snapshot.verified
      last = snapshot.at
    },
  }
}
