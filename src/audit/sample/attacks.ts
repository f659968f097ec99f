import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import type { AttackData } from '../../lab/actors/attack.js'
import {
  BROWSER,
  LOCAL_PROXIES,
  SCRIPT,
  servers,
  WORLD_PROXIES,
} from '../../lab/scenarios/attacks-parts.js'

/** When an attack comes and how large it is. */
export interface Placed {
  /** days after the first of the business, may be part of one */
  fromDay: number
  days: number
  messages: number
}

/** The one phase of an attack that is placed in a business's days. */
export const phaseOf = ({ fromDay, days, messages }: Placed) => ({
  startMs: Math.round(fromDay * DAY),
  durationMs: Math.round(days * DAY),
  attempts: messages,
})

/** A flood on blocks of one operator of a country that is not served: a script on rented servers, without a pause. */
export function floodAbroad(country: string, blocks: number, placed: Placed): AttackData {
  return {
    kind: 'attack',
    campaign: 'flood-abroad',
    phases: [phaseOf(placed)],
    destinations: {
      targets: [{ kind: 'blocks', country, count: blocks }],
      numbers: 'sequential',
    },
    sources: servers(300),
    solves: SCRIPT,
    deadShare: 0.05,
  }
}

/**
 * Low and slow: blocks of the main market get a few messages an hour each for weeks, in the rhythm of the country and from
 * homes in it; one code in thirty is entered, to look like customers.
 *
 * @param utcOffsetHours of the country's clock
 */
export function slowInMarket(
  country: string,
  utcOffsetHours: number,
  blocks: number,
  placed: Placed,
): AttackData {
  return {
    kind: 'attack',
    campaign: 'slow-in-market',
    phases: [
      {
        ...phaseOf(placed),
        shape: { kind: 'diurnal', utcOffsetHours },
        verifies: { share: 1 / 30, delay: { kind: 'human' } },
      },
    ],
    destinations: { targets: [{ kind: 'blocks', country, count: blocks }] },
    sources: LOCAL_PROXIES,
    solves: BROWSER,
  }
}

/** Outside of Europe, most of them dear in the example prices. Where an attacker has numbers is made up. */
const DEAR_COUNTRIES =
  'AZ BD BY DZ ET GE ID JO KG KH KM KZ LK MG ML MM MR NP PK TJ TN UG UZ ZM'.split(' ')

/** Two blocks in each of many countries, two of them in use for an hour and a half, then the next: gone before a daily count. */
export function rotation(placed: Placed): AttackData {
  return {
    kind: 'attack',
    campaign: 'rotation',
    phases: [{ ...phaseOf(placed), timing: { jitter: 0.3 } }],
    destinations: {
      targets: DEAR_COUNTRIES.map((country) => ({ kind: 'blocks' as const, country, count: 2 })),
      rotate: { everyMs: (HOUR * 3) / 2 + 2 * MINUTE, width: 2 },
    },
    sources: WORLD_PROXIES,
    solves: SCRIPT,
  }
}
