import { DAY, HOUR } from '../../engine/units.js'
import { BROWSER, blocksOf, LOCAL_PROXIES } from './attacks-parts.js'
import { type AttackScenario, attackScenario } from './attacks-scenario.js'

const nigerianDay = { kind: 'diurnal', utcOffsetHours: 1 } as const

/** Inside the main market, as wide or as large as its people: what a rule can only stop by hurting them. */
export const IN_MARKET: readonly AttackScenario[] = [
  attackScenario({
    name: 'two-hundred-blocks',
    set: 'tune',
    title: 'Two hundred blocks of the main market, at twice its volume',
    story:
      "Wide and loud: two hundred blocks get sixty messages each within a day, twice what the country's people ask for.",
    source: 'constructed: a wide attack gives each range little to be told by',
    platform: 'west-africa',
    affected: ['NG'],
    attack: {
      phases: [{ startMs: 0, durationMs: DAY, attempts: 12_000, shape: nigerianDay }],
      destinations: { targets: blocksOf('NG', 5, 40) },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'two-hundred-blocks-slow',
    set: 'report',
    title: 'Two hundred blocks of the main market, forty-two an hour',
    story:
      'Wide and quiet: each block sees five messages a day for three days, which is what a block of a large service sees anyway. The hardest of them for any rule.',
    source:
      'constructed on the limit of sequential tests (Wald 1945, Lorden 1971): about eight outcomes a range',
    platform: 'west-africa',
    affected: ['NG'],
    days: 4,
    warmDays: 1,
    attack: {
      phases: [{ startMs: 0, durationMs: 3 * DAY, attempts: 3_024, shape: nigerianDay }],
      destinations: { targets: blocksOf('NG', 5, 40) },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'as-large-as-the-market',
    set: 'report',
    title: 'As large as the legitimate traffic',
    story:
      "As many requests as the country's own people make in a day, with their rhythm, over sixty blocks. Whoever halves the country's traffic halves its customers.",
    source:
      'constructed; over a year and all customers of one vendor attacks were 12 % of requests: https://prelude.so/blog/2025-sms-fraud-report',
    platform: 'west-africa',
    affected: ['NG'],
    attack: {
      phases: [{ startMs: 0, durationMs: DAY, attempts: 6_000, shape: nigerianDay }],
      destinations: { targets: blocksOf('NG', 4, 15) },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'copies-subscribers',
    set: 'tune',
    title: 'Numbers spread as the subscribers are',
    story:
      "No block, no operator, no hour gives him away: the numbers lie where people's numbers lie. He earns only of the operator that pays him, and bears the rest to hide.",
    source: 'constructed: nothing of the destination is left to tell by',
    platform: 'west-africa',
    affected: ['GH'],
    attack: {
      phases: [
        {
          startMs: 0,
          durationMs: DAY,
          attempts: 5_000,
          shape: { kind: 'diurnal', utcOffsetHours: 0 },
        },
      ],
      destinations: { targets: [{ kind: 'subscribers', country: 'GH' }] },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'pay-day-mask',
    set: 'report',
    title: 'Behind pay day',
    story:
      "The attack starts at the hour at which people's own traffic trebles, and is no larger than the rise: alarms on volume have a reason to be silent.",
    source: 'constructed against alarms that compare volume with the usual of the hour',
    platform: 'west-africa',
    affected: ['NG'],
    changes: [
      { kind: 'surge', startMs: 8 * HOUR, durationMs: 4 * HOUR, factor: 3, countries: ['NG'] },
    ],
    attack: {
      phases: [{ startMs: 8 * HOUR, durationMs: 4 * HOUR, attempts: 2_000 }],
      destinations: { targets: [{ kind: 'blocks', country: 'NG', count: 20 }] },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
]
