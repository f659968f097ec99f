import { median } from '../../engine/median.js'
import { createElsewhere } from './elsewhere.js'
import type { Episode } from './episode.js'
import { judge } from './judge.js'
import { blocksOf, markSessions } from './mark.js'
import { type Conversion, conversionOf, LOWEST, type Profile, profileOf } from './profile.js'
import { scanConversion, type WideRange } from './scan-conversion.js'
import { scanSurge } from './scan-surge.js'
import { DAY_S } from './season.js'
import { SESSION } from './sessions.js'
import { within } from './signs.js'
import { activeSpan, sessionsOfCountry, sessionsOfOperator, type Traffic } from './traffic.js'
import { weighSurge } from './weigh-surge.js'

/** Conversion of an application of which nothing is known. */
export const PRIOR_P = 0.7
/** A country is judged by outcomes when so many of its sessions have one. */
export const KNOWN = 0.5
/** A wide range with fewer sessions says nothing. */
const LEAST_WIDE = 50
/** Share of false outages. */
const FALSE_OUTAGES = 0.01

export const everything = (t: Traffic): Profile => profileOf(t, [{ from: 0, to: t.second.length }])

/** Outages speak of no range: their sessions' outcomes are left out before anything is judged by them. */
export function findOutages(t: Traffic, perDay: number): Episode[] {
  const all = everything(t)
  const outages: Episode[] = []
  if (all.knownTotal < LEAST_WIDE) return outages
  const above = conversionOf(all, perDay, PRIOR_P).p
  for (let country = 0; country < t.places.countries.length; country++) {
    const sessions = sessionsOfCountry(t, country)
    if (sessions.to - sessions.from < LEAST_WIDE) continue
    const profile = profileOf(t, [sessions])
    if (profile.knownTotal < Math.max(LEAST_WIDE, KNOWN * profile.total)) continue
    const p = conversionOf(profile, perDay, above)
    const range = { level: 'country' as const, place: country, country }
    for (const episode of scanConversion(range, profile, p, t.binS)) {
      if (episode.kind !== 'outage' || episode.llr < Math.log(t.second.length / FALSE_OUTAGES))
        continue
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

interface Surge {
  surge: Episode
  profile: Profile
  inBase: boolean
  operators: number
}

/** What is left when narrow ranges are explained: operators, then countries. Marks its sessions. */
export function findWide(t: Traffic, perDay: number, base: ReadonlySet<number>): Episode[] {
  const above = conversionOf(everything(t), perDay, PRIOR_P).p
  const floor = Math.min(LOWEST, 0.6 * above)
  const season = surgeOfBase(t, perDay, base)
  const found: Episode[] = []
  for (const level of ['operator', 'country'] as const) {
    const episodes: Episode[] = []
    const surges: Surge[] = []
    for (let country = 0; country < t.places.countries.length; country++) {
      const stretch = sessionsOfCountry(t, country)
      if (stretch.to - stretch.from < LEAST_WIDE) continue
      const whole = profileOf(t, [stretch])
      if (whole.total < LEAST_WIDE) continue
      const byOutcomes = whole.knownTotal >= KNOWN * whole.total
      const p = conversionOf(whole, perDay, above)
      const first = t.places.countryStart[country] as number
      const end = t.places.countryStart[country + 1] as number
      const weighed = { inBase: base.has(country), operators: end - first }
      if (level === 'country') {
        const range = { level, place: country, country }
        if (byOutcomes) episodes.push(...scanConversion(range, whole, p, t.binS))
        else
          for (const surge of scanSurge(range, whole, expectedOf(whole, season, perDay), t.binS))
            surges.push({ surge, profile: whole, ...weighed })
        continue
      }
      for (let operator = first; operator < end; operator++) {
        const range = { level, place: operator, country }
        const sessions = sessionsOfOperator(t, operator)
        if (sessions.to - sessions.from < LEAST_WIDE) continue
        const profile = profileOf(t, [sessions])
        if (profile.total < LEAST_WIDE) continue
        if (byOutcomes) {
          const own: Conversion = conversionOf(profile, perDay, p.p, floor)
          episodes.push(...scanConversion(range, profile, own, t.binS))
        } else
          for (const surge of surgesAlone(t, range, profile, whole, perDay))
            surges.push({ surge, profile, ...weighed })
      }
    }
    judge(episodes, t.second.length)
    // what is under the threshold may be a range's own wobble: it is no reason to doubt people
    const sure = episodes.filter(({ probability, kind }) => kind === 'attack' && probability > 0.45)
    weighAll(t, surges, base)
    const all = [...sure, ...surges.map(({ surge }) => surge)]
    for (const episode of all) markSessions(t, episode)
    found.push(...all)
  }
  return found.filter(({ probability }) => probability >= 0.1)
}

function weighAll(t: Traffic, surges: readonly Surge[], base: ReadonlySet<number>): void {
  const elsewhere = createElsewhere(
    surges.map(({ surge }) => surge),
    base,
  )
  for (const { surge, profile, inBase, operators } of surges)
    weighSurge(t, surge, { profile, inBase, operators, others: elsewhere(surge) })
}

/** Times their usual at which the people of the user base ask, per day, at least 1: a season surges everywhere. */
function surgeOfBase(t: Traffic, perDay: number, base: ReadonlySet<number>): Float64Array {
  const { people, season } = profileOf(
    t,
    [...base].map((country) => sessionsOfCountry(t, country)),
  )
  return season.level.map((level, day) => {
    let sum = 0
    for (let bin = day * perDay; bin < Math.min(people.length, (day + 1) * perDay); bin++)
      sum += people[bin] as number
    return level > 0 ? Math.max(1, sum / level) : 1
  })
}

/** Sessions of a country to be expected per bin, by its own days and the season of all. */
function expectedOf(whole: Profile, season: Float64Array, perDay: number): Float64Array {
  const { until } = whole.season
  return whole.people.map(
    (_, bin) =>
      ((until[bin + 1] as number) - (until[bin] as number)) *
      (season[Math.floor(bin / perDay)] as number),
  )
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
  if (ratios.length < 3 || ratios.length < (0.3 * activeSpan(t)) / DAY_S) return []
  const ratio = median(ratios)
  const expected = rest.map((n) => n * ratio)
  return scanSurge(range, profile, expected, t.binS)
}
