import { ramp } from '../../engine/signals/ramp.js'
import { elsewhereSign } from './elsewhere.js'
import type { Episode, Sign } from './episode.js'
import { sigmoid } from './judge.js'
import { blocksOf } from './mark.js'
import { EXPLAINED, type Profile } from './profile.js'
import { SESSION } from './sessions.js'
import { failedSign, offPeakSign, within } from './signs.js'
import type { Traffic } from './traffic.js'

/** Share of application messages that are pumped anyhow, 4.8 % (Enea and Mobilesquared, 2023), as log-odds. */
const PRIOR = Math.log(0.048 / 0.952)
/** Start weights of the engine where it has the signal; an operator that surges alone is no campaign. */
const WEIGHT = {
  operator: 2,
  country: 1.5,
  alone: 3,
  outside: 1.4,
  oneOperator: 2,
  nights: 1.2,
}
/** People sleep: in their quietest six hours of 24 they ask for a tenth of their codes, a timer for a quarter. */
const QUIET = { people: 0.12, from: 0.15, to: 0.22, hours: 6 }
const HISTORY = 200
const ONE_OPERATOR = 0.95
/** Log-odds besides the surge itself under which it is a good week. */
const LEAST_ODD = 1.2
/** What lies in one block by so much was judged there. */
const ONE_BLOCK = 0.5

interface Tallied {
  sessions: number
  failed: number
  hours: Float64Array
  /** largest share of one operator */
  topShare: number
  /** largest share of one block */
  blockShare: number
  rhythm: number
}

function tally(t: Traffic, episode: Episode, profile: Profile): Tallied {
  const hours = new Float64Array(24)
  const [first, end] = blocksOf(t, episode)
  const { operatorStart } = t.places
  const { rhythm } = profile.season
  let sessions = 0
  let failed = 0
  let inRhythm = 0
  let operator = 0
  let own = 0
  let top = 0
  let topBlock = 0
  for (let block = first; block < end; block++) {
    while ((operatorStart[operator + 1] as number) <= block) {
      operator++
      own = 0
    }
    const stretch = within(t, block, episode.from, episode.to)
    let here = 0
    for (let i = stretch.from; i < stretch.to; i++) {
      const pumped = t.pumped[i] as number
      const weight = pumped >= EXPLAINED ? 0 : 1 - pumped
      const hour = Math.floor((t.second[i] as number) / 3_600) % 24
      hours[hour] = (hours[hour] as number) + weight
      sessions += weight
      own += weight
      here += weight
      if (((t.state[i] as number) & SESSION.failed) !== 0) failed += weight
      const slot = Math.floor(((t.second[i] as number) % 86_400) / t.binS)
      inRhythm += weight * (rhythm[slot] as number) * rhythm.length
    }
    top = Math.max(top, own)
    topBlock = Math.max(topBlock, here)
  }
  const all = Math.max(1e-9, sessions)
  return {
    sessions,
    failed,
    hours,
    topShare: top / all,
    blockShare: topBlock / all,
    rhythm: inRhythm / all,
  }
}

/** Share of the quietest six hours in a row. */
function quietest(hours: Float64Array): number {
  const all = hours.reduce((sum, n) => sum + n, 0)
  let least = all
  for (let from = 0; from < 24; from++) {
    let sum = 0
    for (let h = from; h < from + QUIET.hours; h++) sum += hours[h % 24] as number
    least = Math.min(least, sum)
  }
  return least / Math.max(1, all)
}

export interface SurgeContext {
  /** of the range that surged */
  profile: Profile
  /** its country is one of the user base */
  inBase: boolean
  /** operators of its country that the log knows */
  operators: number
  /** other countries outside the user base that surged at the time */
  others: number
}

/**
 * P(attack) of a surge that only counts speak of, and what speaks for it. A campaign, a season and a launch surge as
 * well: they come by people's clock, over all operators, and mostly where the users are.
 */
export function weighSurge(
  t: Traffic,
  episode: Episode,
  { profile, inBase, operators, others }: SurgeContext,
): void {
  const { level, sessions, usual, from, to } = episode
  const seen = tally(t, episode, profile)
  const times = sessions / Math.max(1, usual)
  const signs: Sign[] = []
  const burst = ramp(times, 1.5, 4)
  signs.push({
    logOdds: WEIGHT[level === 'operator' ? 'operator' : 'country'] * burst,
    // how many there were is told of every incident
    sentence: '',
  })
  if (level === 'operator') {
    const sentence = 'Only this operator of the country had more than usual.'
    signs.push({ logOdds: WEIGHT.alone * burst, sentence })
  } else if (seen.topShare >= ONE_OPERATOR && operators > 1) {
    const sentence = `${Math.round(100 * seen.topShare)} % of them went to one operator.`
    signs.push({ logOdds: WEIGHT.oneOperator, sentence })
  }
  signs.push(...elsewhereSign(others))
  if (!inBase) {
    const sentence = 'The country is outside the user base.'
    signs.push({ logOdds: WEIGHT.outside, sentence })
  }
  signs.push(...failedSign(seen.failed, seen.sessions, profile.failedShare))
  if (profile.total - sessions >= HISTORY) signs.push(...offPeakSign(seen.rhythm))
  if (to - from >= 86_400) {
    const quiet = quietest(seen.hours)
    const strength = ramp(quiet, QUIET.from, QUIET.to)
    if (strength > 0) {
      const sentence = `It did not sleep: its quietest six hours had ${Math.round(100 * quiet)} % of it, where people have 10 %.`
      signs.push({ logOdds: WEIGHT.nights * strength, sentence })
    } else if (quiet < QUIET.people) {
      const sentence = 'It slept and woke as people do.'
      signs.push({ logOdds: -1.5, sentence })
    }
  }
  episode.failed = seen.failed
  episode.signs = signs
  const p = sigmoid(signs.reduce((sum, sign) => sum + sign.logOdds, PRIOR))
  // what comes in the user base and by its clock is a good week
  const odd = signs.slice(1).reduce((sum, sign) => sum + sign.logOdds, 0)
  episode.probability = odd >= LEAST_ODD && seen.blockShare < ONE_BLOCK ? p : 0
}
