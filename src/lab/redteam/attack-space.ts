import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import type { Adapts } from '../actors/attack/adaptation.js'
import type { Destinations } from '../actors/attack/destinations.js'
import type { EntryDelay, Verifies } from '../actors/attack/potential.js'
import type { Sources, Supply } from '../actors/attack/sources.js'
import type { AttackData, Phase } from '../actors/attack.js'
import type { Access } from '../world/world.js'

/** Who attacks: one who enters no codes, one who holds the ranges and reads codes for nothing, one who rents numbers. */
export const ATTACKERS = ['verifies-nothing', 'range-holder', 'outsider'] as const
export type AttackerKind = (typeof ATTACKERS)[number]

/** A country that messages can be bought to. */
export interface Place {
  country: string
  priceMicroUsd: number
  /** blocks that one attacker can get there at most */
  blocks: number
}

/** Where attacks take place, and how large they may be. */
export interface Field {
  places: readonly Place[]
  /** requests of one attack at most */
  mostAttempts: number
}

export const CAMPAIGN = 'redteam'

/** What can be chosen, each from 0 to 1; the last five only by who enters codes. */
const OPEN_GENES = [
  ...['attempts', 'blocks', 'countries', 'firstCountry', 'start', 'duration', 'jitter'],
  ...['addresses', 'access', 'devices', 'visit', 'solves', 'dwell', 'width', 'repeats'],
  ...['newSession', 'patience', 'sequence'],
] as const
const CODE_GENES = ['verifies', 'entry', 'trust', 'activates', 'owners'] as const

export const dimensionsOf = (kind: AttackerKind): number =>
  OPEN_GENES.length + (kind === 'verifies-nothing' ? 0 : CODE_GENES.length)

const FEWEST_ATTEMPTS = 30
export const MOST_BLOCKS = 400
const MOST_COUNTRIES = 8

const between = (gene: number, from: number, to: number): number => from + gene * (to - from)
const scaled = (gene: number, from: number, to: number): number => from * (to / from) ** gene
const whole = (gene: number, from: number, to: number): number => Math.round(scaled(gene, from, to))
/** One of several, each over an equal part of the gene. */
const oneOf = <T>(gene: number, of: readonly [T, ...T[]]): T =>
  of[Math.min(of.length - 1, Math.floor(gene * of.length))] ?? of[0]

/** Any number folded into 0 to 1, without a jump at the edges. */
export function fold(value: number): number {
  const period = Math.abs(value) % 2
  return period > 1 ? 2 - period : period
}

/** Where `scaled` takes a value from: to write down an attack that was thought of as genes. */
const geneOf = (value: number, from: number, to: number): number =>
  Math.min(1, Math.max(0, Math.log(value / from) / Math.log(to / from)))
export const attemptsGene = (attempts: number, { mostAttempts }: Field): number =>
  geneOf(attempts, FEWEST_ATTEMPTS, mostAttempts)
export const blocksGene = (blocks: number): number => geneOf(blocks, 1, MOST_BLOCKS)

type Gene = (typeof OPEN_GENES)[number] | (typeof CODE_GENES)[number]
export const geneIndex = (name: string): number =>
  [...OPEN_GENES, ...CODE_GENES].indexOf(name as never)

/** Genes as an attack. The same genes are always the same attack. */
export function attackOf(
  genes: readonly number[],
  kind: AttackerKind,
  { places, mostAttempts }: Field,
): AttackData {
  const gene = (name: Gene | string): number => fold(genes[geneIndex(name)] ?? 0)
  const { destinations, blocks } = destinationsOf(gene, places)
  const durationMs = Math.round(scaled(gene('duration'), HOUR / 2, DAY - MINUTE))
  const startMs = Math.round(gene('start') * (DAY - MINUTE - durationMs))
  const attempts = whole(gene('attempts'), FEWEST_ATTEMPTS, mostAttempts)
  const jitter = gene('jitter')
  const whole_: Phase = {
    startMs,
    durationMs,
    attempts,
    timing: jitter < 0.2 ? 'poisson' : { jitter: (jitter - 0.2) / 0.8 },
  }
  const solves = gene('solves')
  return {
    kind: 'attack',
    campaign: CAMPAIGN,
    phases: phasesOf(whole_, kind === 'verifies-nothing' ? null : verifiesOf(gene), gene('trust')),
    destinations,
    sources: sourcesOf(gene),
    solves: { pow: solves, captcha: solves, channel: 0 },
    adapts: adaptsOf(gene('patience'), blocks),
  }
}

function destinationsOf(
  gene: (name: string) => number,
  places: readonly Place[],
): { destinations: Destinations; blocks: number } {
  const countries = Math.min(places.length, whole(gene('countries'), 1, MOST_COUNTRIES))
  const first = Math.min(places.length - 1, Math.floor(gene('firstCountry') * places.length))
  const wanted = whole(gene('blocks'), 1, MOST_BLOCKS)
  const each = Math.max(1, Math.round(wanted / countries))
  const targets = Array.from({ length: countries }, (_, i) => {
    const place = places[(first + i) % places.length] as Place
    return {
      kind: 'blocks' as const,
      country: place.country,
      count: Math.max(1, Math.min(each, place.blocks)),
    }
  })
  const blocks = targets.reduce((sum, { count }) => sum + count, 0)
  const times = Math.floor(between(gene('repeats'), 1, 5.99))
  return {
    blocks,
    destinations: {
      targets,
      rotate: {
        everyMessages: whole(gene('dwell'), 1, 500),
        width: Math.max(1, Math.round(gene('width') * blocks)),
      },
      numbers: oneOf(gene('sequence'), ['random', 'sequential']),
      ...(times > 1 && {
        repeats: { times, gapMs: MINUTE, sameSession: gene('newSession') < 0.5 },
      }),
    },
  }
}

function sourcesOf(gene: (name: string) => number): Sources {
  const access = oneOf<Access>(gene('access'), ['hosting', 'residential', 'mobile'])
  const pool = gene('addresses')
  const farm = gene('devices')
  const devices: Supply =
    farm < 0.2 ? 'none' : farm < 0.7 ? 'fresh' : { count: whole((farm - 0.7) / 0.3, 1, 500) }
  return {
    addresses: {
      access,
      count: pool > 0.7 ? null : whole(pool / 0.7, 1, 2_000),
      from: access === 'hosting' ? ['NL', 'US'] : 'number',
    },
    devices,
    visit: oneOf(gene('visit'), ['faked', 'direct', 'unknown']),
  }
}

function verifiesOf(gene: (name: string) => number): Verifies {
  const entries: readonly [EntryDelay, ...EntryDelay[]] = [
    { kind: 'human' },
    { kind: 'constant', ms: 5_000, jitterMs: 1_000 },
    { kind: 'fast' },
  ]
  const owners = gene('owners')
  return {
    share: gene('verifies'),
    delay: oneOf(gene('entry'), entries),
    activates: gene('activates'),
    ...(owners > 0.5 && { devices: whole((owners - 0.5) * 2, 1, 200) }),
  }
}

/** @param trust up to 0.8: the first so much of the time builds trust, which the rest burns; above: codes are entered throughout */
function phasesOf(all: Phase, verifies: Verifies | null, trust: number): Phase[] {
  if (verifies === null) return [all]
  if (trust > 0.8) return [{ ...all, verifies }]
  const builds = Math.floor(trust * all.durationMs)
  const burns = all.durationMs - builds
  const first = Math.round(trust * all.attempts)
  if (first === 0 || builds === 0) return [all]
  return [
    { ...all, durationMs: builds, attempts: first, verifies },
    {
      ...all,
      startMs: all.startMs + builds,
      durationMs: burns,
      attempts: all.attempts - first,
    },
  ]
}

/** @returns what he does about refusals: below 0.2 nothing; else leaves a block after one to eight in a row */
const adaptsOf = (patience: number, blocks: number): Adapts =>
  patience < 0.2 || blocks === 1
    ? {}
    : {
        minds: 'not-sent',
        block: Math.round(between((patience - 0.2) / 0.8, 1, 8)),
        whenSpent: 'starts-over',
      }
