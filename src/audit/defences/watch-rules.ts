import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import { createTally } from '../../lab/peers/sliding.js'
import type { Places } from './places.js'
import type { Rule } from './rule.js'

/** Expected pumped messages in a block at which somebody who looks at it puts it on the list. */
const LISTED_FROM = 5
/** ... if they are at least this share of its messages so far. */
const LISTED_SHARE = 0.5

/** Attacked blocks go on a block list a day after they can be known to be attacked, and stay on it. */
export function rangeBlockRule({ read: { blockKey } }: Places): Rule {
  const blocks = blockKey.length
  const pumped = new Float32Array(blocks)
  const seen = new Uint32Array(blocks)
  const listedAt = new Float64Array(blocks).fill(Number.POSITIVE_INFINITY)
  return {
    defence: 'block-list',
    title: "Block list of the attacked ranges, with a day's delay",
    source: '',
    assumption: `a block of 10,000 numbers is listed 24 hours after ${LISTED_FROM} messages to it were found to be pumped and they were half of it; somebody finds them as well as this audit does`,
    stops({ at, block, probability }) {
      if (at >= (listedAt[block] as number)) return true
      seen[block] = (seen[block] as number) + 1
      pumped[block] = (pumped[block] as number) + probability
      const found = pumped[block] as number
      if (
        listedAt[block] === Number.POSITIVE_INFINITY &&
        found >= LISTED_FROM &&
        found >= LISTED_SHARE * (seen[block] as number)
      )
        listedAt[block] = at + DAY
      return false
    },
  }
}

const RATIO = 0.3
const ENOUGH = 20
const SLOTS = 60
/** From alarm to a person's hand on the switch, and how long the country stays off. */
const REACTION_MS = HOUR
const PAUSE_MS = DAY

/**
 * An alarm on the verify ratio of a country, and a person who answers it. Figures of the alarm as Telnyx' guide has
 * them for its circuit breaker, over an hour instead of a quarter, looked at once a minute: people are woken by it.
 */
export function ratioAlarmRule({ countries }: Places): Rule {
  const sent = createTally(HOUR, SLOTS)
  const verified = createTally(HOUR, SLOTS)
  const looked = new Float64Array(countries.length).fill(-1)
  const offFrom = new Float64Array(countries.length).fill(Number.POSITIVE_INFINITY)
  const offUntil = new Float64Array(countries.length)
  return {
    defence: 'ratio-alarm',
    title: `Verify-ratio alarm: under ${RATIO * 100} % of more than ${ENOUGH} in an hour, country off an hour later for a day`,
    source: 'https://developers.telnyx.com/docs/identity/verify/rate-limiting-fraud-prevention',
    assumption: 'somebody answers the alarm within an hour, day and night',
    stops({ at, country, verified: enters }) {
      if (at >= (offFrom[country] as number)) {
        if (at < (offUntil[country] as number)) return true
        offFrom[country] = Number.POSITIVE_INFINITY
      }
      const name = countries[country] as string
      sent.add(name, at)
      if (enters) verified.add(name, at)
      const minute = Math.floor(at / MINUTE)
      if (looked[country] === minute || offFrom[country] !== Number.POSITIVE_INFINITY) return false
      looked[country] = minute
      const n = sent.count(name, at)
      if (n > ENOUGH && verified.count(name, at) < RATIO * n) {
        offFrom[country] = at + REACTION_MS
        offUntil[country] = at + REACTION_MS + PAUSE_MS
      }
      return false
    },
  }
}
