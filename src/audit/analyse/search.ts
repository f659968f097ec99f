import type { ConversionLaw } from '../../engine/detect/predictive.js'
import {
  blockRates,
  evenPart,
  isGathered,
  meanRate,
  rateWithout,
  unitOf,
  usualShare,
} from './block-rate.js'
import { createElsewhere, elsewhereSign } from './elsewhere.js'
import type { Episode } from './episode.js'
import { judge, judgeByCount } from './judge.js'
import { markSessions } from './mark.js'
import { concentrationBetween, conversionOf, type Profile, profileOf } from './profile.js'
import { LEAST, LEAST_BY_COUNT, scanBlock } from './scan-blocks.js'
import { everything, findOutages, findWide, KNOWN, PRIOR_P } from './search-wide.js'
import { DAY_S } from './season.js'
import { isKnown, SESSION } from './sessions.js'
import { blockSigns, within } from './signs.js'
import { activeSpan, sessionsOfCountry, type Traffic } from './traffic.js'

/** The second round learns what is usual without what the first one found. */
const ROUNDS = 2
/** P(attack) of an episode under the threshold at most, and P under which it is not worth a word. */
const UNFLAGGED = 0.45
const NOTHING = 0.01
/** Sessions of a block of which hardly any verified: left out of what is usual before anything is known. */
const SUSPECT = { sessions: 8, share: 0.2 }

/** What stands out in the traffic, at every depth. Leaves P(pumped) of each session in the traffic. */
export function searchEpisodes(
  t: Traffic,
  base: ReadonlySet<number>,
  onProgress: (share: number) => void,
): Episode[] {
  const perDay = DAY_S / t.binS
  suspectSilentBlocks(t)
  const rates = blockRates(t, unitOf(t))
  const outages = findOutages(t, perDay)
  let found: Episode[] = []
  for (let round = 0; round < ROUNDS; round++) {
    found = findBlocks(t, perDay, base, rates, (share) =>
      onProgress((round + share) / (ROUNDS + 1)),
    )
    t.pumped.fill(0)
    for (const episode of found) markSessions(t, episode)
  }
  const wide = findWide(t, perDay, base)
  onProgress(1)
  return [...outages, ...found, ...wide]
}

function suspectSilentBlocks(t: Traffic): void {
  for (let block = 0; block + 1 < t.start.length; block++) {
    const from = t.start[block] as number
    const to = t.start[block + 1] as number
    let known = 0
    let verified = 0
    for (let i = from; i < to; i++) {
      const state = t.state[i] as number
      if (isKnown(state)) known++
      if ((state & SESSION.verified) !== 0) verified++
    }
    if (known >= SUSPECT.sessions && verified < SUSPECT.share * known) t.pumped.fill(1, from, to)
  }
}

function findBlocks(
  t: Traffic,
  perDay: number,
  base: ReadonlySet<number>,
  rates: Float32Array,
  onProgress: (share: number) => void,
): Episode[] {
  const all = everything(t)
  const above = conversionOf(all, perDay, PRIOR_P).p
  const unit = unitOf(t)
  const units = activeSpan(t) / unit
  const meanOfAll = meanRate(rates, { from: 0, to: rates.length }, null)
  const profiles = new Map<number, Profile>()
  const found: Episode[] = []
  const countries = t.places.countries.length
  for (let country = 0; country < countries; country++) {
    const profile = profileOf(t, [sessionsOfCountry(t, country)])
    const blocks = countryBlocks(t, country)
    const byOutcomes = profile.knownTotal >= KNOWN * profile.total && profile.knownTotal > 0
    let law: ConversionLaw | null = null
    if (byOutcomes || (profile.total < 1 && all.knownTotal > 0)) {
      const { p } = conversionOf(profile, perDay, above)
      law = { mean: p, concentration: concentrationBetween(t, blocks, p) }
    }
    const mean = meanRate(rates, blocks, meanOfAll)
    const clock = clockOf(profile)
    const inBase = base.has(country)
    const part = evenPart(blocks.to - blocks.from, inBase)
    let any = false
    for (let block = blocks.from; block < blocks.to; block++) {
      const from = t.start[block] as number
      const to = t.start[block + 1] as number
      const least = law === null && (inBase || t.masked) ? LEAST_BY_COUNT : LEAST
      if (to - from < least) continue
      const gathered = law === null && !inBase && isGathered(t, block)
      if (law === null && to - from < LEAST_BY_COUNT && !gathered) continue
      const own = rates[block] as number
      const shareOf = (rate: number): number =>
        usualShare(rate, mean, units, Math.max(profile.total, 1), part)
      const shareWithout = (start: number, end: number): number =>
        shareOf(rateWithout(t, block, unit, start, end) ?? own)
      const scan = { t, country, block, clock, shareWithout, least, usual: law }
      // outside the user base visits that come back within days look like a habit at first
      const strict = gathered ? scanBlock({ ...scan, share: shareOf(0) }) : []
      const scanned = strict.length > 0 ? strict : scanBlock({ ...scan, share: shareOf(own) })
      if (scanned.length > 0) any = true
      found.push(...scanned)
    }
    if (any) profiles.set(country, profile)
    onProgress((country + 1) / countries)
  }
  judge(found, t.second.length)
  const isFlagged = ({ probability }: Episode): boolean => probability > UNFLAGGED
  const elsewhere = createElsewhere(found.filter(isFlagged), base)
  const weighed: Episode[] = []
  for (const episode of found) {
    const profile = profiles.get(episode.country)
    if (profile === undefined || episode.probability < NOTHING) continue
    const many = episode.known > 0 ? [] : elsewhereSign(elsewhere(episode))
    // a handful is anybody's, unless it came to many countries in turn
    if (episode.known === 0 && episode.sessions < LEAST_BY_COUNT && many.length === 0) continue
    const stretch = within(t, episode.place, episode.from, episode.to)
    const isMarket = base.has(episode.country)
    const { signs, enrolment } = blockSigns(t, episode, stretch, profile, isMarket)
    if (!isMarket) signs.push({ logOdds: 2, sentence: 'The country is outside the user base.' })
    episode.signs = [...signs, ...many]
    if (episode.known === 0) judgeByCount(episode, isFlagged(episode), enrolment)
    if (episode.probability >= NOTHING) weighed.push(episode)
  }
  return weighed
}

const countryBlocks = ({ places }: Traffic, country: number) => ({
  from: places.operatorStart[places.countryStart[country] as number] as number,
  to: places.operatorStart[places.countryStart[country + 1] as number] as number,
})

/** Of the clock so much runs by time alone, so that silence counts where hardly anybody is left. */
const STEADY = 0.05

function clockOf({ until, total }: Profile): Float64Array {
  const steady = (1 + STEADY * total) / (until.length - 1)
  return until.map((n, bin) => n + steady * bin)
}
