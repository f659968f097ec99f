import { MINUTE } from '../engine/units.js'

/** How long an attack got through. */
export interface Containment {
  /** first request of the attack, Unix ms; `null` without an attack */
  startedAt: number | null
  /**
   * From its start to the end of the last minute in which over 1 % of the money it asked for went out, ms; 0 when no
   * minute was like that.
   */
  afterMs: number
  /** the attack asked in a later minute, and less than 1 % of it went out */
  contained: boolean
  /** messages of the attack that went out until then */
  sends: number
  /** most money of the attack that went out in one minute, micro-USD */
  peakMicroUsd: number
}

/** Share of the attempted money that may leak in a minute of an attack that counts as contained. */
const CONTAINED_SHARE = 0.01

interface Minute {
  attempted: number
  leaked: number
  sends: number
}

/** Follows one attack, minute by minute from its first request. */
export function createContainment() {
  const minutes: (Minute | undefined)[] = []
  let startedAt: number | null = null
  return {
    count(at: number, priceMicroUsd: number, sent: boolean): void {
      startedAt ??= at
      const i = Math.floor((at - startedAt) / MINUTE)
      let minute = minutes[i]
      if (minute === undefined) {
        minute = { attempted: 0, leaked: 0, sends: 0 }
        minutes[i] = minute
      }
      minute.attempted += priceMicroUsd
      if (!sent) return
      minute.leaked += priceMicroUsd
      minute.sends++
    },
    result(): Containment {
      let until = 0
      let sends = 0
      let sendsUntil = 0
      let peakMicroUsd = 0
      minutes.forEach((minute, i) => {
        if (minute === undefined) return
        sends += minute.sends
        peakMicroUsd = Math.max(peakMicroUsd, minute.leaked)
        if (minute.leaked <= CONTAINED_SHARE * minute.attempted) return
        until = i + 1
        sendsUntil = sends
      })
      return {
        startedAt,
        afterMs: until * MINUTE,
        contained: startedAt !== null && until < minutes.length,
        sends: sendsUntil,
        peakMicroUsd,
      }
    },
  }
}
