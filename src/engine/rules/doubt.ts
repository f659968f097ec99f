import { LINE_INDEX } from '../compile.js'
import type { ServicePolicy } from '../policy.js'
import type { Readings } from '../readings.js'
import type { Sense } from '../sense.js'

/** What the signals make of a request where a line is over its limit. */
export type Doubt = 'low' | 'usual' | 'high'

/** Until the score is calibrated nobody is spared and nobody shut out by it. */
export function doubtOf({ weighed: { p }, learned }: Sense, { risk }: ServicePolicy): Doubt {
  if (!learned) return 'usual'
  return p >= risk.challengeWhenFull ? 'high' : p < risk.spare ? 'low' : 'usual'
}

/**
 * Part of a line that a request may still use at its doubt: what is surely pumped meets a closed line when it is half
 * full, before people do.
 */
export const shareFor = ({ weighed: { p }, learned }: Sense, { risk }: ServicePolicy): number =>
  learned && p >= risk.challengeWhenFull ? 1 - (p - risk.challengeWhenFull) : 1

/** Part of the way from its limit to its closing in which a shared line leaves people who look like people alone. */
const SPARED = 0.5
const { number, network } = LINE_INDEX

/** What a count may reach before it speaks against a request: more for who looks like a person. */
export const sparedLimit = (limit: number, doubt: Doubt, hard: number): number =>
  doubt === 'low' ? Math.ceil(limit * (1 + SPARED * (hard - 1))) : limit

/**
 * What a line over its limit asks of a request.
 * - It closes at `hard` times its limit; for what looks like pumping at the limit already: the zone between is there
 *   for people who are unlucky, and a challenge is cheaper than a message.
 * - A wide line and a source are shared with whoever attacks through them: who looks like a person meets their
 *   challenge only half way to their closing.
 * - A network is no payer: its line never closes to people, or one subscriber of a carrier could shut out all others.
 *   Destination lines hold the money.
 */
export function answerOf(
  i: number,
  { utilisation, closed, narrow }: Readings,
  doubt: Doubt,
  hard: number,
): 'challenge' | 'deny' | null {
  const wide = narrow[i] === 0
  if (doubt === 'high') return 'deny'
  if (closed[i] === 1) return wide && i === network ? 'challenge' : 'deny'
  const shared = wide || i > number
  if (shared && doubt === 'low' && (utilisation[i] as number) <= 1 + SPARED * (hard - 1))
    return null
  return 'challenge'
}
