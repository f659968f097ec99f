import type { AttackData } from '../actors/attack.js'

/** An attack on a platform, as data. */
export interface AttackScenario {
  name: string
  kind: 'attack'
  title: string
  /** what happens, and what makes it hard */
  story: string
  /** where it was seen or published; constructed ones say what against */
  source: string
  platform: 'west-africa' | 'europe' | 'global'
  /** days in all, warm days included */
  days: number
  /** days of people only; the day of the attack begins after them */
  warmDays: number
  actors: readonly AttackData[]
  /** countries of the platform's own people in which it runs; absent: it runs abroad */
  affected?: readonly string[]
  /** defaults are tuned on one set and figures reported on the other */
  set: 'tune' | 'report'
}

type Described = Omit<AttackScenario, 'kind' | 'days' | 'warmDays' | 'actors'> & {
  /** @default 3 */
  days?: number
  /** @default 2 */
  warmDays?: number
  attack: Omit<AttackData, 'kind' | 'campaign'>
}

/** A scenario of one attacker, whose campaign has its name. */
export function attackScenario({ attack, ...described }: Described): AttackScenario {
  return {
    days: 3,
    warmDays: 2,
    ...described,
    kind: 'attack',
    actors: [{ kind: 'attack', campaign: described.name, ...attack }],
  }
}
