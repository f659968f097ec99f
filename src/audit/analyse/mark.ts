import type { Episode } from './episode.js'
import { SESSION } from './sessions.js'
import { within } from './signs.js'
import { costOf, type Traffic } from './traffic.js'

/** Blocks of an episode's range: [from, to). */
export function blocksOf({ places }: Traffic, { level, place }: Episode): [number, number] {
  if (level === 'block') return [place, place + 1]
  const operators: [number, number] =
    level === 'operator'
      ? [place, place + 1]
      : [places.countryStart[place] as number, places.countryStart[place + 1] as number]
  return [
    places.operatorStart[operators[0]] as number,
    places.operatorStart[operators[1]] as number,
  ]
}

/**
 * P(pumped) of an episode's sessions: the excess spread over those that can be it. With outcomes those are the ones
 * nobody verified.
 */
export function markSessions(t: Traffic, episode: Episode): void {
  if (episode.kind === 'outage' || episode.probability <= 0) return
  const { from, to, known, verified, sessions, excess, probability } = episode
  const spared = known > 0 && episode.entered !== true
  const lost = spared ? sessions * (1 - verified / known) : sessions
  const each = probability * Math.min(1, excess / Math.max(1e-9, lost))
  const [first, end] = blocksOf(t, episode)
  episode.added = 0
  episode.addedMoney = 0
  for (let block = first; block < end; block++) {
    const stretch = within(t, block, from, to)
    for (let i = stretch.from; i < stretch.to; i++) {
      if (spared && ((t.state[i] as number) & SESSION.verified) !== 0) continue
      const added = (1 - (t.pumped[i] as number)) * each
      episode.added += added
      episode.addedMoney += added * costOf(t, i)
      t.pumped[i] = (t.pumped[i] as number) + added
    }
  }
}
