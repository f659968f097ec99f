import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import { BROWSER, blocksOf, LOCAL_PROXIES, servers, WORLD_PROXIES } from './attacks-parts.js'
import { type AttackScenario, attackScenario } from './attacks-scenario.js'

/** Closed loop: these watch what is refused and move on. */
export const ADAPTIVE: readonly AttackScenario[] = [
  attackScenario({
    name: 'adaptive-at-home',
    set: 'tune',
    title: 'Leaves a block after three refusals',
    story:
      'Eight hundred blocks of the main market, ten in use at a time. Whichever is refused three times in a row is dropped for the next; when all are gone he begins again with the first.',
    source: 'https://github.com/hackclub/hcb (waves over three weeks while rules were added)',
    platform: 'west-africa',
    affected: ['NG'],
    attack: {
      phases: [{ startMs: 2 * HOUR, durationMs: 18 * HOUR, attempts: 10_000 }],
      destinations: {
        targets: blocksOf('NG', 8, 100),
        rotate: { everyMessages: 400, width: 10 },
      },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
      adapts: { minds: 'not-sent', block: 3, whenSpent: 'starts-over' },
    },
  }),
  attackScenario({
    name: 'adaptive-abroad',
    set: 'report',
    title: 'Leaves blocks, and countries',
    story:
      'Two hundred and forty blocks in twelve countries. A block is dropped after two refusals in a row, a country after twelve; an empty list is begun again after the night.',
    source:
      'https://gitlab.com/gitlab-org/gitlab (merge requests 249216, 257995: limits for each dial code)',
    platform: 'europe',
    attack: {
      phases: [{ startMs: 0, durationMs: 22 * HOUR, attempts: 10_000 }],
      destinations: {
        targets: ['UZ', 'AZ', 'TN', 'LK', 'DZ', 'MG', 'KG', 'TJ', 'JO', 'KH', 'BD', 'GE'].map(
          (country) => ({ kind: 'blocks' as const, country, count: 20 }),
        ),
        rotate: { everyMessages: 20 },
      },
      sources: WORLD_PROXIES,
      solves: BROWSER,
      adapts: { minds: 'not-sent', block: 2, country: 12, whenSpent: 'starts-over' },
    },
  }),
  attackScenario({
    name: 'adaptive-addresses',
    set: 'tune',
    title: 'Rents a new server for each that is refused',
    story:
      'Thirty servers; each that is refused four times in a row is handed back and another rented. When nothing gets through for long he comes back an hour later.',
    source: 'constructed against limits by address',
    platform: 'global',
    attack: {
      phases: [{ startMs: 2 * HOUR, durationMs: 18 * HOUR, attempts: 6_000 }],
      destinations: { targets: [{ kind: 'blocks', country: 'AZ', count: 40 }] },
      sources: servers(30),
      solves: BROWSER,
      adapts: { minds: 'not-sent', address: 4, rests: { after: 150, forMs: HOUR } },
    },
  }),
  attackScenario({
    name: 'adaptive-rate',
    set: 'report',
    title: 'Climbs to the rate that pays best',
    story:
      'Every half hour he compares what came through with the half hour before, and asks faster or slower by a half. What a block will bear he finds out by himself.',
    source: 'constructed: the attacker of the economics of pumping, who knows only his own revenue',
    platform: 'global',
    affected: ['ID'],
    days: 4,
    attack: {
      phases: [{ startMs: 0, durationMs: 2 * DAY, attempts: 8_000 }],
      destinations: {
        targets: blocksOf('ID', 6, 50),
        rotate: { everyMs: 20 * MINUTE, width: 15 },
      },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
      adapts: {
        minds: 'not-sent',
        block: 4,
        whenSpent: 'starts-over',
        climbs: { everyMs: 30 * MINUTE, step: 1.5, least: 0.05, most: 8 },
      },
    },
  }),
]
