import type { AttackData } from '../actors/attack.js'
import type { ScenarioData } from './scenario.js'

/** An attack on a platform. `affected`: absent when it runs abroad. */
export interface AttackScenario extends ScenarioData {
  kind: 'attack'
  actors: readonly AttackData[]
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
