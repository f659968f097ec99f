import type { Random } from '../random.js'
import type { Potential, TrafficRow } from '../traffic.js'
import type { World } from '../world/world.js'
import type { Changes } from './people-change.js'
import type { CountryHabits } from './people-countries.js'
import { addressOf, type Person, token } from './people-person.js'

/** How somebody goes through a session. */
export interface Manners {
  /** the code is entered, unless the message does not come */
  conversion: number
  /** from send to code, median of those who enter it @default 20.7 s, ms */
  medianMs?: number
}

/**
 * From send to code: lognormal fitted to published shares (68 % within 30 s, 91 % within 60 s), with a tail of people who
 * were called away.
 */
const VERIFY_MEDIAN_MS = 1_000 * Math.exp(3.03)
const VERIFY_SIGMA = 0.794
const TAIL = { share: 0.02, medianMs: 240_000, sigma: 0.6 }
/** Latency of a message: median 3 s, 95 % within 10 s, as vendors publish it for working routes. */
const LATENCY_MEDIAN_MS = 3_000
const LATENCY_SIGMA = 0.7
/** A failure is reported after about so long, by most carriers. */
const FAILED_MEDIAN_MS = 5_000
const RECEIPT_SHARE = 0.9
/** Least time between a message and its code. */
const READ_MS = 2_000

/** Who asks again: of those who never enter a code, of those it takes longer than this, and of those who asked again. */
const RESEND = { never: 0.2, slow: 0.35, slowMs: 45_000, again: 0.3 }
/** The button comes back after 30 s. */
const RESEND_FROM_MS = 30_000
const RESEND_MEDIAN_MS = 25_000
/** Of those who had not entered a code and asked again. */
const LATE_CONVERSION = 0.15

/** Share of people who get past each kind of challenge; the others are lost. */
const SOLVES = { pow: 0.985, captcha: 0.93, channel: 0.6 }
const ACTIVATES = 0.9
/** Time on the page or in the app before the code is asked for. */
const VISIT_MEDIAN_MS = 45_000
const VISIT_SIGMA = 0.8

/** Makes the requests of sessions: the first one, and those that follow it if the code does not come soon enough. */
export function createSessions(world: World, changes: Changes, random: Random, name: string) {
  let rows = 0

  function outcome(at: number, country: string, habits: CountryHabits, verifyMs: number | null) {
    const outage = changes.find('outage', at, country)
    if (outage !== undefined || random.chance(habits.failures)) {
      const reported = random.chance(outage?.receipts ?? RECEIPT_SHARE)
      return {
        deliveredMs: reported ? Math.round(random.lognormal(FAILED_MEDIAN_MS, 0.5)) : null,
        deliveryError: reported ? 'undelivered' : null,
        verifiedMs: null,
      }
    }
    const slower = changes.find('slow', at, country)?.factor ?? 1
    const deliveredMs = Math.round(slower * random.lognormal(LATENCY_MEDIAN_MS, LATENCY_SIGMA))
    if (verifyMs === null) return { deliveredMs, deliveryError: null, verifiedMs: null }
    const verifiedMs = Math.max(deliveredMs + READ_MS, Math.round(slower * verifyMs))
    const held = changes.find('held-reports', at + verifiedMs, country)
    return {
      deliveredMs,
      deliveryError: null,
      verifiedMs: held === undefined ? verifiedMs : changes.endOf(held) - at,
    }
  }

  const delayMs = (medianMs: number): number =>
    random.chance(TAIL.share)
      ? random.lognormal(TAIL.medianMs, TAIL.sigma)
      : random.lognormal(medianMs, VERIFY_SIGMA)

  /** @returns the requests of one session in time order; the second and later ones name the first in `retryOf` */
  return (at: number, person: Person, habits: CountryHabits, manners: Manners): TrafficRow[] => {
    const { country } = person
    const ip = addressOf(person, world, random)
    const sessionId = token(random)
    const visitMs = Math.round(random.lognormal(VISIT_MEDIAN_MS, VISIT_SIGMA))
    const precedingEvents = 2 + random.below(14)
    const solves = {
      pow: random.chance(SOLVES.pow),
      captcha: random.chance(SOLVES.captcha),
      channel: random.chance(SOLVES.channel),
    }
    const medianMs = manners.medianMs ?? VERIFY_MEDIAN_MS
    const activates = random.chance(ACTIVATES)
    const session: TrafficRow[] = []

    const ask = (now: number, verifyMs: number | null): Potential => {
      const become = outcome(now, country, habits, verifyMs)
      const potential = { ...become, solves, activates: activates && become.verifiedMs !== null }
      session.push({
        id: `${name}:${rows++}`,
        at: now,
        service: 'signup',
        to: person.to,
        ip,
        deviceId: person.deviceId,
        accountId: person.accountId,
        sessionId,
        userAgent: person.userAgent,
        sessionAgeMs: visitMs + now - at,
        precedingEvents: precedingEvents + session.length,
        priceMicroUsd: Math.round(world.price(country) * changes.price(now, country)),
        retryOf: session[0]?.id ?? null,
        potential,
      })
      return potential
    }

    const enters = random.chance(manners.conversion)
    const repeats = changes.find('repeats', at, country)
    if (repeats !== undefined) {
      const verifyMs = enters ? delayMs(medianMs) + repeats.sends * repeats.gapMs : null
      for (let n = 0; n < repeats.sends; n++) {
        const since = n * repeats.gapMs
        ask(at + since, verifyMs === null ? null : verifyMs - since)
      }
      return session
    }

    let now = at
    let verifyMs = enters ? delayMs(medianMs) : null
    for (let chance = 1; ; chance *= RESEND.again) {
      const { verifiedMs } = ask(now, verifyMs)
      const slow = verifiedMs !== null && verifiedMs > RESEND.slowMs
      const lost = verifiedMs === null && enters
      const likely = slow || lost ? RESEND.slow : verifiedMs === null ? RESEND.never : 0
      if (!random.chance(chance * likely)) return session
      const gapMs = Math.round(RESEND_FROM_MS + random.exponential(RESEND_MEDIAN_MS))
      // The first code came while the finger was on the button.
      if (verifiedMs !== null && gapMs >= verifiedMs) return session
      now += gapMs
      if (verifiedMs !== null) verifyMs = verifiedMs - gapMs
      else verifyMs = lost || random.chance(LATE_CONVERSION) ? delayMs(medianMs) : null
    }
  }
}
