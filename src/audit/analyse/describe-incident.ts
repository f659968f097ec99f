import { SECOND } from '../../engine/units.js'
import type { AuditIncident, Estimate } from '../audit-result.js'
import { becauseOf } from './because.js'
import type { Episode } from './episode.js'
import { blocksOf } from './mark.js'
import type { Money } from './money.js'
import { type RangeTotals, rangeFinding } from './range-findings.js'
import { SESSION } from './sessions.js'
import { within } from './signs.js'
import { costOf, type Traffic } from './traffic.js'

/** Points of a timeline at most, and ranges named. */
const POINTS = 200
const RANGES = 1_000
const HOUR_S = 3_600
/** Of a normal law: 90 % lie within so many standard deviations. */
const Z_90 = 1.645

const EDGES = 0.5
/** What the method itself is off by, as a share of the money: a standard deviation, seen on labelled logs. */
const METHOD = 0.015

/** A sum with the interval of its standard error; never below nothing, nor above what was spent. */
export function estimate(value: number, deviation: number, most: number): Estimate {
  return {
    value,
    low: Math.max(0, value - Z_90 * deviation),
    high: Math.max(value, Math.min(most, value + Z_90 * deviation)),
  }
}

/**
 * Variance of what an episode added: chance and what is not known of the usual, and whether it was an attack at all.
 */
export function varianceOf({ probability, added, addedMoney, excess, error }: Episode): number {
  if (added <= 0) return 0
  const price = addedMoney / added
  const part = Math.min(1, added / Math.max(1e-9, probability * excess))
  const chance = probability * error * part * price
  const whole = addedMoney / probability
  return chance * chance + probability * (1 - probability) * whole * whole
}

/** What of an episode's money may err one way: (1 - P) of it, and half a session, for it begins and ends where that fits best. */
export function doubtOf({ probability, added, addedMoney }: Episode): number {
  const edges = added > 0 ? Math.min(added, EDGES) * (addedMoney / added) : 0
  return (1 - probability) * addedMoney + edges
}

/**
 * Standard error of money from its parts. Chance differs from one episode to the next; that all of them were judged by one
 * threshold does not, so their doubt is added up.
 * @param chance sum of {@link varianceOf} @param doubt sum of {@link doubtOf} @param money what was pumped
 */
export const standardError = (chance: number, doubt: number, money: number): number =>
  Math.hypot(Math.sqrt(chance), doubt / Z_90, METHOD * money)

/** {@link standardError} of the money of episodes. */
export function deviationOf(episodes: readonly Episode[]): number {
  const sum = (of: (episode: Episode) => number): number =>
    episodes.reduce((all, episode) => all + of(episode), 0)
  return standardError(
    sum(varianceOf),
    sum(doubtOf),
    sum(({ addedMoney }) => addedMoney),
  )
}

interface Bin {
  messages: number
  spend: number
  verified: number
}

function timelineOf(
  t: Traffic,
  money: Money,
  episodes: readonly Episode[],
  from: number,
  to: number,
): { bins: Bin[]; begin: number; width: number } {
  const begin = Math.floor(from / HOUR_S) * HOUR_S
  const width = HOUR_S * Math.max(1, Math.ceil((to - begin + 1) / HOUR_S / POINTS))
  const bins = Array.from({ length: Math.floor((to - begin) / width) + 1 }, () => ({
    ...{ messages: 0, spend: 0, verified: 0 },
  }))
  const seen = new Set<number>()
  for (const episode of episodes) {
    const [first, end] = blocksOf(t, episode)
    for (let block = first; block < end; block++) {
      // a block may have an episode of its own within one of its operator
      if (seen.has(block)) continue
      seen.add(block)
      const stretch = within(t, block, from, to)
      for (let i = stretch.from; i < stretch.to; i++) {
        const bin = bins[Math.floor(((t.second[i] as number) - begin) / width)]
        if (bin === undefined) continue
        bin.messages += money.messages[i] as number
        bin.spend += costOf(t, i)
        if (((t.state[i] as number) & SESSION.verified) !== 0) bin.verified++
      }
    }
  }
  return { bins, begin, width }
}

/** An incident for people. @param number of it in the log, from 1 */
export function describeIncident(
  t: Traffic,
  money: Money,
  episodes: readonly Episode[],
  number: number,
): { incident: AuditIncident; ranges: RangeTotals[] } {
  const from = Math.min(...episodes.map((e) => e.from))
  const to = Math.max(...episodes.map((e) => e.to))
  const ranges = episodes
    .map((episode) => rangeFinding(t, money, episode))
    .sort((a, b) => b.fraud - a.fraud || b.messages - a.messages)
  const { bins, begin, width } = timelineOf(t, money, episodes, from, to)
  const known = episodes.some((e) => e.known > 0)
  const kind = episodes[0]?.kind ?? 'attack'
  const fraud = episodes.reduce((sum, episode) => sum + episode.addedMoney, 0)
  const spend = bins.reduce((sum, bin) => sum + bin.spend, 0)
  const iso = (second: number): string => new Date(t.epoch + second * SECOND).toISOString()
  let peak = 0
  bins.forEach((bin, i) => {
    if (bin.messages > (bins[peak]?.messages ?? 0)) peak = i
  })
  const incident: AuditIncident = {
    id: `${iso(from).slice(0, 10)}-${number}`,
    ...{ onset: iso(from), peak: iso(Math.max(from, begin + peak * width)), end: iso(to), kind },
    countries: [...new Set(ranges.map(({ country }) => country))],
    ranges: ranges.slice(0, RANGES).map(({ episode: _, ...finding }) => finding),
    messages: bins.reduce((sum, bin) => sum + bin.messages, 0),
    spend,
    money: kind === 'outage' ? estimate(0, 0, 0) : estimate(fraud, deviationOf(episodes), spend),
    because: becauseOf(t, money, ranges, kind),
    timeline: bins.map((bin, i) => ({
      at: iso(begin + i * width),
      ...{ messages: bin.messages, spend: bin.spend, verified: known ? bin.verified : null },
    })),
  }
  return { incident, ranges }
}
