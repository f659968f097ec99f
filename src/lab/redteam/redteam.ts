import type { Policy } from '../../engine/policy.js'
import type { AttackData } from '../actors/attack.js'
import { createRandom } from '../random.js'
import {
  ATTACKERS,
  type AttackerKind,
  attackOf,
  attemptsGene,
  blocksGene,
  dimensionsOf,
  type Field,
  geneIndex,
} from './attack-space.js'
import type { RedteamPlatform } from './platform.js'
import { boundFor, platformBound, type RedteamBound } from './platform-bound.js'
import { createAttempts } from './run-attempts.js'
import { search } from './search.js'
import { createGround, type Trial } from './trial.js'

export interface RedteamOptions {
  policy: Policy
  /** service of the policy; `null`: its only one */
  service: string | null
  /** attacks tried by the search, all kinds of attackers together */
  budget: number
  seed: number
  /** @default 1: tried one after the other, in this thread */
  threads?: number
  /** people of the platform a day */
  sessionsPerDay?: number
  onProgress?: (tried: number, kind: AttackerKind, best: Trial) => void
}

/** The best attack of one kind of attacker. */
export interface BestAttack {
  kind: AttackerKind
  tried: number
  attack: AttackData
  trial: Trial
  /** the same attack with other chances, to see what of it was luck: earned, micro-USD */
  again: readonly number[]
  /** what `policy bound` says of its destinations, for an attacker who verifies nothing, micro-USD a day */
  boundMicroUsd: number
}

/** The attack among all tried that came closest to its bound, or went over it. */
export interface Closest {
  attack: AttackData
  leakedMicroUsd: number
  boundMicroUsd: number
}

export interface RedteamReport {
  seed: number
  budget: number
  sessionsPerDay: number
  countries: readonly string[]
  bound: RedteamBound
  best: readonly BestAttack[]
  /** of the attackers who verify nothing */
  closest: Closest | null
  /** none of them took more than its bound */
  holds: boolean
}

/** Seeds with which the best attack is played again. */
const AGAIN = 2
/** Of the budget: who verifies nothing is held against the bound and gets half. */
const SHARES: Readonly<Record<AttackerKind, number>> = {
  'verifies-nothing': 0.5,
  'range-holder': 0.3,
  outsider: 0.2,
}

/**
 * Attacks that follow from reading the policy: at each of the places that lose most, as many messages as its bound lets
 * through a day and half as many again, over few and many blocks, every challenge solved, from addresses never seen twice.
 */
function thoughtOf(kind: AttackerKind, bound: RedteamBound, field: Field): number[][] {
  const { places } = field
  const losing = places
    .map((place, i) => ({ place, i, loses: bound.countries[place.country] ?? 0 }))
    .sort((a, b) => b.loses - a.loses)
    .slice(0, 3)
  const set = (values: Readonly<Record<string, number>>): number[] => {
    const genes = Array.from({ length: dimensionsOf(kind) }, () => 0.5)
    for (const [name, value] of Object.entries(values)) {
      const i = geneIndex(name)
      if (i < genes.length) genes[i] = value
    }
    return genes
  }
  return losing.flatMap(({ place, i, loses }) =>
    [20, 300].map((blocks) =>
      set({
        attempts: attemptsGene((1.5 * loses) / place.priceMicroUsd, field),
        blocks: blocksGene(blocks),
        countries: 0,
        firstCountry: (i + 0.5) / places.length,
        start: 0,
        duration: 1,
        jitter: 0.1,
        addresses: 1,
        access: 0.5,
        devices: 0.5,
        visit: 0.1,
        solves: 1,
        dwell: 0,
        width: 1,
        repeats: 0,
        patience: 0,
        sequence: 0,
        verifies: 0.6,
        entry: 0,
        trust: 1,
        activates: 1,
        owners: 0,
      }),
    ),
  )
}

const targetsOf = (attack: AttackData): string[] =>
  attack.destinations.targets.map(({ country }) => country)

const isMarketOf = ({ policy }: RedteamPlatform) => {
  const markets = new Set(Object.values(policy.services).flatMap((service) => service.markets))
  return (country: string): boolean => markets.size === 0 || markets.has(country)
}

/** Looks for the attack that earns most against a policy that the attacker has read. */
export async function redteam(options: RedteamOptions): Promise<RedteamReport> {
  const { budget, seed, threads = 1, onProgress, policy, service } = options
  const { sessionsPerDay } = options
  const setting = { policy, service, seed, ...(sessionsPerDay !== undefined && { sessionsPerDay }) }
  const ground = createGround(setting)
  const { platform } = ground
  const bound = platformBound(platform, ground.countryOf)
  const isMarket = isMarketOf(platform)
  const limitOf = (attack: AttackData): number => boundFor(bound, targetsOf(attack), isMarket)
  const attempts = createAttempts(setting, threads, ground)
  const best: BestAttack[] = []
  let closest: Closest | null = null
  let triedInAll = 0

  function note(attack: AttackData, { leakedMicroUsd }: Trial): void {
    const boundMicroUsd = limitOf(attack)
    const nearer = closest === null ? 0 : closest.leakedMicroUsd / closest.boundMicroUsd
    if (leakedMicroUsd / boundMicroUsd > nearer) closest = { attack, leakedMicroUsd, boundMicroUsd }
  }

  try {
    for (const kind of ATTACKERS) {
      let leader: Trial | null = null
      const tryAll = async (points: readonly (readonly number[])[]): Promise<Trial[]> => {
        const trials = await attempts.tryAll(points.map((genes) => ({ kind, genes, seed })))
        trials.forEach((trial, i) => {
          triedInAll++
          if (leader === null || trial.earnedMicroUsd > leader.earnedMicroUsd) leader = trial
          if (kind === 'verifies-nothing') note(attackOf(points[i] ?? [], kind, platform), trial)
        })
        if (leader !== null) onProgress?.(triedInAll, kind, leader)
        return trials
      }
      const found = await search({
        dimensions: dimensionsOf(kind),
        budget: Math.max(1, Math.round(SHARES[kind] * budget)),
        random: createRandom(seed + ATTACKERS.indexOf(kind)),
        starts: thoughtOf(kind, bound, platform),
        tryAll,
        worth: ({ earnedMicroUsd }) => earnedMicroUsd,
      })
      const [winner] = found
      if (winner === undefined) continue
      const attack = attackOf(winner.point, kind, platform)
      const replayed = await attempts.tryAll(
        Array.from({ length: AGAIN }, (_, i) => ({
          kind,
          genes: winner.point,
          seed: seed + 1 + i,
        })),
      )
      if (kind === 'verifies-nothing') for (const trial of replayed) note(attack, trial)
      best.push({
        kind,
        tried: found.length,
        attack,
        trial: winner.tried,
        again: replayed.map(({ earnedMicroUsd }) => earnedMicroUsd),
        boundMicroUsd: limitOf(attack),
      })
    }
  } finally {
    await attempts.close()
  }
  const nearest = closest as Closest | null
  return {
    seed,
    budget,
    sessionsPerDay: platform.sessionsPerDay,
    countries: platform.countries,
    bound,
    best,
    closest: nearest,
    holds: nearest === null || nearest.leakedMicroUsd <= nearest.boundMicroUsd,
  }
}
