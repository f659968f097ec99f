import { flagged } from '../../engine/detect/e-bh.js'
import type { Episode } from './episode.js'

/** Share of false ones among the episodes called attacks. */
const FALSE_DISCOVERIES = 0.01
/** Evidence at which an episode is flagged is worth as much as the rate of false ones says. */
const AT_THRESHOLD = 3
/** No count alone makes an attack surer than this: something unheard of may look alike. */
const MOST = 4.5

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/**
 * Which episodes are attacks: e-Benjamini-Hochberg over all sessions of the log, each of which could have begun one
 * (a CUSUM restarts, so its false alarms go by the sessions it reads), and P(attack) from how far over the threshold.
 * An episode under it is unclear at most.
 */
export function judge(episodes: readonly Episode[], sessions: number): void {
  const attacks = episodes.filter(({ kind }) => kind === 'attack').sort((a, b) => b.llr - a.llr)
  const evidence = attacks.map(({ llr }) => llr)
  const count = flagged(evidence, sessions, FALSE_DISCOVERIES)
  const threshold = Math.log(sessions / (FALSE_DISCOVERIES * Math.max(1, count)))
  attacks.forEach((episode, i) => {
    const over = episode.llr - threshold + AT_THRESHOLD
    episode.probability = i < count ? sigmoid(Math.min(over, 12)) : Math.min(0.45, sigmoid(over))
  })
}

/** By counts alone: how surprising, then what else speaks for it. @param enrolment a company's would look alike */
export function judgeByCount(episode: Episode, isFlagged: boolean, enrolment: boolean): void {
  const logOdds = Math.log(episode.probability / (1 - episode.probability))
  const signs = episode.signs.reduce((sum, sign) => sum + sign.logOdds, 0)
  const sum = Math.min(MOST, logOdds) + signs
  if (enrolment) episode.probability = Math.min(0.4, sigmoid(sum))
  else episode.probability = isFlagged ? sigmoid(sum) : Math.min(0.45, sigmoid(sum))
}
