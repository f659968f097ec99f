import type { ConversionLaw } from '../../engine/detect/predictive.js'
import { median } from '../../engine/median.js'
import { meanRate, ownRate, unitOf, usualShare } from './block-rate.js'
import type { Episode } from './episode.js'
import { judge, judgeByCount } from './judge.js'
import { blocksOf, markSessions } from './mark.js'
import { concentrationBetween, conversionOf, type Profile, profileOf } from './profile.js'
import { scanBlock } from './scan-blocks.js'
import { scanConversion, type WideRange } from './scan-conversion.js'
import { scanSurge } from './scan-surge.js'
import { DAY_S } from './season.js'
import { isKnown, SESSION } from './sessions.js'
import { blockSigns, within } from './signs.js'
import { sessionsOfCountry, sessionsOfOperator, type Traffic } from './traffic.js'
import { weighSurge } from './weigh-surge.js'

/** Conversion of an application of which nothing is known. */
const PRIOR_P = 0.7
/** A country is judged by outcomes when so many of its sessions have one. */
const KNOWN = 0.5
/** A wide range with fewer sessions says nothing. */
const LEAST_WIDE = 50
/** The second round learns what is usual without what the first one found. */
const ROUNDS = 2
/** Sessions of a block of which hardly any verified: left out of what is usual before anything is known. */
const SUSPECT = { sessions: 8, share: 0.2 }

export interface Found {
  episodes: Episode[]
  /** usual conversion per country; null where the log has no outcomes of it */
  conversion: (number | null)[]
}

/** What stands out in the traffic, at every depth. Leaves P(pumped) of each session in the traffic. */
export function searchEpisodes(
  t: Traffic,
  base: ReadonlySet<number>,
  onProgress: (share: number) => void,
): Found {
  const countries = t.places.countries.length
  const perDay = DAY_S / t.binS
  const conversion: (number | null)[] = new Array(countries).fill(null)
  suspectSilentBlocks(t)
  const outages = findOutages(t, perDay)
  let found: Episode[] = []
  for (let round = 0; round < ROUNDS; round++) {
    found = findBlocks(t, perDay, base, conversion, (share) =>
      onProgress((round + share) / (ROUNDS + 1)),
    )
    t.pumped.fill(0)
    for (const episode of found) markSessions(t, episode)
  }
  const wide = findWide(t, perDay, base)
  onProgress(1)
  return { episodes: [...outages, ...found, ...wide], conversion }
}

const everything = (t: Traffic): Profile => profileOf(t, [{ from: 0, to: t.second.length }])

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

/** Outages speak of no range: their sessions' outcomes are left out before anything is judged by them. */
function findOutages(t: Traffic, perDay: number): Episode[] {
  const above = conversionOf(everything(t), perDay, PRIOR_P).p
  const outages: Episode[] = []
  for (let country = 0; country < t.places.countries.length; country++) {
    const sessions = sessionsOfCountry(t, country)
    if (sessions.to - sessions.from < LEAST_WIDE) continue
    const profile = profileOf(t, [sessions])
    if (profile.knownTotal < Math.max(LEAST_WIDE, KNOWN * profile.total)) continue
    const p = conversionOf(profile, perDay, above)
    const range = { level: 'country' as const, place: country, country }
    for (const episode of scanConversion(range, profile, p, t.binS)) {
      if (episode.kind !== 'outage' || episode.llr < Math.log(t.second.length / 0.01)) continue
      episode.probability = 1
      outages.push(episode)
      const [first, end] = blocksOf(t, episode)
      for (let block = first; block < end; block++) {
        const stretch = within(t, block, episode.from, episode.to)
        for (let i = stretch.from; i < stretch.to; i++)
          t.state[i] = (t.state[i] as number) | SESSION.outage
      }
    }
  }
  return outages
}

function findBlocks(
  t: Traffic,
  perDay: number,
  base: ReadonlySet<number>,
  conversion: (number | null)[],
  onProgress: (share: number) => void,
): Episode[] {
  const all = everything(t)
  const above = conversionOf(all, perDay, PRIOR_P).p
  const unit = unitOf(t)
  const units = t.span / unit
  const meanOfAll = meanRate(t, { from: 0, to: t.start.length - 1 }, unit, null)
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
      conversion[country] = p
      law = { mean: p, concentration: concentrationBetween(t, blocks, p) }
    }
    const mean = meanRate(t, blocks, unit, meanOfAll)
    const clock = clockOf(profile)
    let any = false
    for (let block = blocks.from; block < blocks.to; block++) {
      const from = t.start[block] as number
      const to = t.start[block + 1] as number
      if (to - from < 4) continue
      const own = ownRate(t, { from, to }, unit)
      const share = usualShare(
        own,
        mean,
        units,
        Math.max(profile.total, 1),
        blocks.to - blocks.from,
      )
      const scanned = scanBlock({ t, country, block, clock, share, usual: law })
      if (scanned.length > 0) any = true
      found.push(...scanned)
    }
    if (any) profiles.set(country, profile)
    onProgress((country + 1) / countries)
  }
  judge(found, t.second.length)
  for (const episode of found) {
    const profile = profiles.get(episode.country)
    if (profile === undefined || episode.probability < 0.01) continue
    const stretch = within(t, episode.place, episode.from, episode.to)
    const { signs, enrolment } = blockSigns(t, episode, stretch, profile)
    if (!base.has(episode.country))
      signs.push({ logOdds: 2, sentence: 'The country is outside the user base.' })
    episode.signs = signs
    if (episode.known === 0) judgeByCount(episode, episode.probability > 0.45, enrolment)
  }
  return found.filter(({ probability }) => probability >= 0.01)
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

function findWide(t: Traffic, perDay: number, base: ReadonlySet<number>): Episode[] {
  const above = conversionOf(everything(t), perDay, PRIOR_P).p
  const found: Episode[] = []
  for (const level of ['operator', 'country'] as const) {
    const episodes: Episode[] = []
    for (let country = 0; country < t.places.countries.length; country++) {
      const stretch = sessionsOfCountry(t, country)
      if (stretch.to - stretch.from < LEAST_WIDE) continue
      const whole = profileOf(t, [stretch])
      const byOutcomes = whole.knownTotal >= KNOWN * whole.total
      const p = conversionOf(whole, perDay, above)
      const first = t.places.countryStart[country] as number
      const end = t.places.countryStart[country + 1] as number
      if (level === 'country') {
        const range = { level, place: country, country }
        if (byOutcomes) episodes.push(...scanConversion(range, whole, p, t.binS))
        else {
          const expected = whole.season.until
            .subarray(1)
            .map((x, bin) => x - (whole.season.until[bin] as number))
          for (const surge of scanSurge(range, whole, expected, t.binS)) {
            weighSurge(t, surge, whole, base.has(country), end - first)
            found.push(surge)
          }
        }
        continue
      }
      for (let operator = first; operator < end; operator++) {
        const range = { level, place: operator, country }
        const stretch = sessionsOfOperator(t, operator)
        if (stretch.to - stretch.from < LEAST_WIDE) continue
        const profile = profileOf(t, [stretch])
        if (profile.total < LEAST_WIDE) continue
        if (byOutcomes) {
          episodes.push(
            ...scanConversion(range, profile, conversionOf(profile, perDay, p.p), t.binS),
          )
        } else {
          const surges = surgesAlone(t, range, profile, whole, perDay)
          for (const surge of surges) weighSurge(t, surge, profile, base.has(country), end - first)
          found.push(...surges)
        }
      }
    }
    judge(episodes, t.second.length)
    // what is under the threshold may be a range's own wobble: it is no reason to doubt people
    const sure = episodes.filter(({ probability, kind }) => kind === 'attack' && probability > 0.45)
    found.push(...sure)
    for (const episode of [...sure, ...found.filter((e) => e.level === level && e.known === 0)])
      markSessions(t, episode)
  }
  return found.filter(({ probability }) => probability >= 0.1)
}

/** Surges of an operator over what the others of its country had at the time. */
function surgesAlone(
  t: Traffic,
  range: WideRange,
  profile: Profile,
  whole: Profile,
  perDay: number,
): Episode[] {
  const rest = whole.people.map((n, bin) => Math.max(0, n - (profile.people[bin] as number)))
  const ratios: number[] = []
  for (let bin = 0; bin < rest.length; bin += perDay) {
    let own = 0
    let others = 0
    for (let i = bin; i < Math.min(rest.length, bin + perDay); i++) {
      own += profile.people[i] as number
      others += rest[i] as number
    }
    if (others >= 20) ratios.push(own / others)
  }
  // of a country hardly anybody uses no operator has a usual part
  if (ratios.length < 3 || ratios.length < 0.3 * t.days) return []
  const ratio = median(ratios)
  return scanSurge(
    range,
    profile,
    rest.map((n) => n * ratio),
    t.binS,
  )
}
