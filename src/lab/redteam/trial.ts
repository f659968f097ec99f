import type { Actor, LabelledRow } from '../actors/actor.js'
import { type AttackData, attacker } from '../actors/attack.js'
import { merge } from '../actors/merge.js'
import { contest } from '../contest.js'
import { createTollgate } from '../contest-tollgate.js'
import { createRowFacts, labSources } from '../row-facts.js'
import { createWorld } from '../world/create-world.js'
import { type AttackerKind, attackOf } from './attack-space.js'
import { earnedMicroUsd, metered, type Spent } from './earnings.js'
import { createPlatform, type PlatformOptions, type RedteamPlatform } from './platform.js'

/** One attack to be tried. */
export interface Attempt {
  kind: AttackerKind
  genes: readonly number[]
  /** of the attacker's chances, not of the people's */
  seed: number
}

/** What one attack did in its day. Money in micro-USD. */
export interface Trial extends Spent {
  sent: number
  leakedMicroUsd: number
  /** what it asked for in all */
  attemptedMicroUsd: number
  earnedMicroUsd: number
  /** people who got no message because of it or in spite of it */
  legitLost: number
}

export interface Ground {
  platform: RedteamPlatform
  /** Tries an attack on a gate that has seen a day of people. */
  attempt(attempt: Attempt): Promise<Trial>
  countryOf(to: string): string
}

/** Records of the lines: more than two small days can fill. */
const CAPACITY = 400_000

/** People as they were recorded: they ask the same whatever the attacker does. */
function recorded(rows: readonly LabelledRow[]): Actor {
  let next = 0
  return {
    nextAt: () => rows[next]?.row.at ?? Number.POSITIVE_INFINITY,
    ask() {
      const row = rows[next++]
      if (row === undefined) throw new RangeError('there is nobody left to ask')
      return row
    },
  }
}

/** A platform with its policy, to try attacks on; about a second to make, so make one and try many. */
export function createGround(options: PlatformOptions): Ground {
  const world = createWorld()
  const platform = createPlatform(world, options)
  const rowFacts = createRowFacts(labSources())
  const { policy, rows, attackFrom } = platform
  const parse = labSources().parseNumber
  return {
    platform,
    countryOf: (to) => parse(to).country,
    async attempt({ kind, genes, seed }) {
      const data: AttackData = attackOf(genes, kind, platform)
      const { contender, spent } = metered(createTollgate({ policy, capacity: CAPACITY }))
      const source = merge([recorded(rows), attacker(data, { world, from: attackFrom, seed })])
      const { attack, legit } = await contest({ source, contender, rowFacts })
      return {
        ...spent,
        sent: attack.sent,
        leakedMicroUsd: attack.sentMicroUsd,
        attemptedMicroUsd: attack.attemptedMicroUsd,
        earnedMicroUsd: earnedMicroUsd(kind, attack.sentMicroUsd, spent),
        legitLost: legit.lost,
      }
    },
  }
}
