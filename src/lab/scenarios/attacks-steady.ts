import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import { BROWSER, LOCAL_PROXIES, SCRIPT, servers, WORLD_PROXIES } from './attacks-parts.js'
import { type AttackScenario, attackScenario } from './attacks-scenario.js'

/** Sixty countries outside the usual markets, in the order of no rule. */
const MANY_COUNTRIES =
  'AF AL AM AO AZ BA BD BF BI BJ BO BT BY CD CG CM CU DJ DZ EC ET FJ GA GE GN GT GY HN HT IQ JM JO KG KH KM KZ LA LB LK LR LS LY MD ME MG MK ML MM MN MR MW MZ NE NP PG RW SL SO TJ TN'.split(
    ' ',
  )

/** Slow, spread or patient: below what is counted by the minute, or by the block. */
export const STEADY: readonly AttackScenario[] = [
  attackScenario({
    name: 'four-blocks',
    set: 'tune',
    title: 'Four blocks at home, twenty a minute, for eight hours',
    story:
      'A steady stream through home connections of the market itself, a new address and a new device each time. No limit by number, address or device ever sees a second request.',
    source: 'https://prelude.so/blog/2025-sms-fraud-report (home connections carry most attacks)',
    platform: 'west-africa',
    affected: ['NG'],
    attack: {
      phases: [{ startMs: 6 * HOUR, durationMs: 8 * HOUR, attempts: 9_600 }],
      destinations: { targets: [{ kind: 'blocks', country: 'NG', count: 4 }] },
      sources: LOCAL_PROXIES,
      solves: SCRIPT,
    },
  }),
  attackScenario({
    name: 'low-and-slow',
    set: 'report',
    title: 'Forty-two an hour for three days, with the rhythm of the country',
    story:
      'Five blocks of the main market share 0.7 requests a minute that sleep and wake with the country. Nothing is ever much above the usual; only the codes are never entered.',
    source: 'constructed: published limits count by the minute, the hour and the day',
    platform: 'west-africa',
    affected: ['NG'],
    days: 4,
    warmDays: 1,
    attack: {
      phases: [
        {
          startMs: 0,
          durationMs: 3 * DAY,
          attempts: 3_024,
          shape: { kind: 'diurnal', utcOffsetHours: 1 },
        },
      ],
      destinations: { targets: [{ kind: 'blocks', country: 'NG', count: 5 }] },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'rotation-abroad',
    set: 'tune',
    title: 'Forty blocks in four countries, a new one every half hour',
    story:
      'A list of rented blocks is worked off, two at a time for half an hour, in four countries in turn: each is left before a daily count would notice it.',
    source:
      'GitLab limits codes per dial code and 24 h for this reason: https://gitlab.com/gitlab-org/gitlab (merge requests 138287, 249216)',
    platform: 'west-africa',
    attack: {
      phases: [{ startMs: 0, durationMs: 20 * HOUR, attempts: 12_000 }],
      destinations: {
        targets: ['UZ', 'AZ', 'TN', 'LK'].map((country) => ({
          kind: 'blocks' as const,
          country,
          count: 10,
        })),
        rotate: { everyMs: 30 * MINUTE, width: 2 },
      },
      sources: WORLD_PROXIES,
      solves: SCRIPT,
    },
  }),
  attackScenario({
    name: 'trickle-sixty-countries',
    set: 'report',
    title: 'A trickle into sixty countries',
    story:
      'Sixty countries, three blocks each, the next country with every message: a few an hour in each, so that limits by country never see a burst.',
    source:
      'GitLab: "global limits trip too late for low-traffic countries", https://gitlab.com/gitlab-org/gitlab (2026, limits by dial code)',
    platform: 'europe',
    attack: {
      phases: [{ startMs: 0, durationMs: DAY, attempts: 5_000 }],
      destinations: {
        targets: MANY_COUNTRIES.map((country) => ({ kind: 'blocks' as const, country, count: 3 })),
        rotate: { everyMessages: 1 },
      },
      sources: WORLD_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'waves',
    set: 'report',
    title: 'Waves over two days',
    story:
      'Ten minutes of requests every four hours, for days, from rented servers. Not one code of them was ever entered; the answer was to let only users with a history add a number.',
    source: 'https://github.com/hackclub/hcb (pull requests 13059, 13084, 13233, 14632)',
    platform: 'global',
    days: 4,
    attack: {
      phases: [
        {
          startMs: HOUR,
          durationMs: 2 * DAY - HOUR,
          attempts: 6_000,
          shape: { kind: 'bursts', everyMs: 4 * HOUR, forMs: 10 * MINUTE },
        },
      ],
      destinations: { targets: [{ kind: 'blocks', country: 'LK', count: 12 }] },
      sources: servers(300),
      solves: SCRIPT,
    },
  }),
  attackScenario({
    name: 'whole-operator',
    set: 'report',
    title: 'An operator that is in on it',
    story:
      'No block is hit often: the requests spread over all ranges of one operator of the market, which shares the fee. A social network once cut off 390 operators for it, and their honest customers with them.',
    source:
      'https://www.benzinga.com/news/22/12/30156187 (USD 60 million a year); which operator it is here is made up',
    platform: 'west-africa',
    affected: ['GH'],
    attack: {
      phases: [{ startMs: 6 * HOUR, durationMs: 12 * HOUR, attempts: 7_200 }],
      destinations: {
        targets: [{ kind: 'operator', country: 'GH', prefixes: ['+23326', '+23356'], digits: 3 }],
      },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'operator-abroad',
    set: 'tune',
    title: 'An operator abroad that is in on it',
    story:
      'All ranges of one operator outside the market, at ten a minute: the block is never the same twice.',
    source: 'https://www.benzinga.com/news/22/12/30156187; which operator it is here is made up',
    platform: 'global',
    attack: {
      phases: [{ startMs: 2 * HOUR, durationMs: 10 * HOUR, attempts: 6_000 }],
      destinations: {
        targets: [{ kind: 'operator', country: 'UZ', prefixes: ['+99893', '+99894'], digits: 3 }],
      },
      sources: WORLD_PROXIES,
      solves: SCRIPT,
    },
  }),
  attackScenario({
    name: 'dead-numbers',
    set: 'report',
    title: 'Numbers that nobody has',
    story:
      'A list bought without looking: seven of ten numbers do not exist, and the provider says so. A sender that charges by attempt bills them all the same.',
    source: 'Moreno and others, arXiv 2306.14497 (lists of disposable numbers age within weeks)',
    platform: 'global',
    attack: {
      phases: [{ startMs: 8 * HOUR, durationMs: 6 * HOUR, attempts: 4_000 }],
      destinations: { targets: [{ kind: 'blocks', country: 'ID', count: 25 }] },
      sources: WORLD_PROXIES,
      solves: BROWSER,
      deadShare: 0.7,
    },
    affected: ['ID'],
  }),
]
