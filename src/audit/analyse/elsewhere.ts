import type { Episode, Sign } from './episode.js'
import { DAY_S } from './season.js'

/** So many other countries outside the user base at once: no launch does that. */
const MANY = 4
const LOG_ODDS = 2

/**
 * In how many other countries outside the user base something began on the day that an episode began, or on the one
 * before or after.
 */
export function createElsewhere(episodes: readonly Episode[], base: ReadonlySet<number>) {
  const dayOf = ({ from }: Episode): number => Math.floor(from / DAY_S)
  const countries = new Map<number, Set<number>>()
  for (const episode of episodes) {
    if (base.has(episode.country)) continue
    for (const day of [-1, 0, 1].map((by) => dayOf(episode) + by)) {
      const seen = countries.get(day)
      if (seen === undefined) countries.set(day, new Set([episode.country]))
      else seen.add(episode.country)
    }
  }
  return (episode: Episode): number =>
    base.has(episode.country) ? 0 : Math.max(0, (countries.get(dayOf(episode))?.size ?? 0) - 1)
}

/** What it says that an attacker goes through many countries. @param others of {@link createElsewhere} */
export function elsewhereSign(others: number): Sign[] {
  if (others < MANY) return []
  const sentence = `${others} other countries outside the user base surged within a day of it.`
  return [{ logOdds: LOG_ODDS, sentence }]
}
