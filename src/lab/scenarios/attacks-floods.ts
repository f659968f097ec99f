import { HOUR, MINUTE } from '../../engine/units.js'
import { BROWSER, LOCAL_PROXIES, SCRIPT, servers, WORLD_PROXIES } from './attacks-parts.js'
import { type AttackScenario, attackScenario } from './attacks-scenario.js'

/** Fast and narrow: thousands of messages before anybody can look. */
export const FLOODS: readonly AttackScenario[] = [
  attackScenario({
    name: 'one-block-many-proxies',
    set: 'report',
    title: 'One block abroad, twenty thousand addresses',
    story:
      'Blocks of numbers are rented by prefix; 13,000 codes go to one of 10,000 Uzbek numbers, more than one to each, through a network of 20,000 home connections.',
    source:
      'https://pont.is/p/sms-fraud (an event platform; hundreds of thousands of codes in all)',
    platform: 'europe',
    attack: {
      phases: [{ startMs: 1 * HOUR, durationMs: 5 * HOUR, attempts: 13_000 }],
      destinations: { targets: [{ kind: 'block', country: 'UZ', block: '+99899394' }] },
      sources: {
        ...WORLD_PROXIES,
        addresses: { ...WORLD_PROXIES.addresses, count: 20_000 },
      },
      solves: SCRIPT,
    },
  }),
  attackScenario({
    name: 'night-flood',
    set: 'tune',
    title: 'A thousand a minute after midnight',
    story:
      'Bots call the code endpoint of a shop from shortly after midnight through hundreds of home connections, 1,000 a minute, each request well-formed. The real one went on for four hours until the carrier suspended the account; here it lasts twelve minutes.',
    source:
      'https://www.eknix.com/case-studies/fashion-retailer-sms-fraud/ (240,000 messages, EUR 18,000; where they went is made up here)',
    platform: 'europe',
    attack: {
      phases: [{ startMs: 10 * MINUTE, durationMs: 12 * MINUTE, attempts: 12_000 }],
      destinations: { targets: [{ kind: 'blocks', country: 'AZ', count: 10 }] },
      sources: {
        ...WORLD_PROXIES,
        addresses: { ...WORLD_PROXIES.addresses, count: 600 },
        devices: 'none',
      },
      solves: SCRIPT,
    },
  }),
  attackScenario({
    name: 'single-address',
    set: 'tune',
    title: 'One address abroad, three minutes, then a look whether it still works',
    story:
      'Nearly all requests come from one address in a third country and go to numbers in Myanmar, at five in the morning. Hours later the attacker is back to try whether the hole is closed.',
    source: 'https://yousefamar.com/memo/log/2023-01-29-00-05-40 (GBP 1,500 in three minutes)',
    platform: 'europe',
    attack: {
      phases: [
        { startMs: 5 * HOUR, durationMs: 3 * MINUTE, attempts: 6_000 },
        { startMs: 12 * HOUR, durationMs: HOUR, attempts: 60 },
      ],
      destinations: { targets: [{ kind: 'blocks', country: 'MM', count: 6 }] },
      sources: servers(1, ['SG']),
      solves: SCRIPT,
    },
  }),
  attackScenario({
    name: 'counting-up',
    set: 'tune',
    title: 'One number after the other',
    story:
      'The simplest script: rented servers count up through one block, at the beat of a machine. Vendor guides name consecutive numbers as the first sign of pumping.',
    source: 'https://www.twilio.com/docs/verify/preventing-toll-fraud',
    platform: 'global',
    attack: {
      phases: [{ startMs: 3 * HOUR, durationMs: 50 * MINUTE, attempts: 5_000, timing: 'regular' }],
      destinations: {
        targets: [{ kind: 'blocks', country: 'TN', count: 1 }],
        numbers: 'sequential',
      },
      sources: servers(50),
      solves: SCRIPT,
    },
  }),
  attackScenario({
    name: 'strided-numbers',
    set: 'report',
    title: 'Every seventh number, in four blocks',
    story:
      'Counts like the one before, but in steps, in four blocks at once and with uneven gaps, so that no two numbers are neighbours.',
    source:
      'constructed against rules on neighbouring numbers: https://www.twilio.com/docs/verify/preventing-toll-fraud',
    platform: 'west-africa',
    attack: {
      phases: [
        { startMs: 2 * HOUR, durationMs: 2 * HOUR, attempts: 5_000, timing: { jitter: 0.6 } },
      ],
      destinations: {
        targets: [{ kind: 'blocks', country: 'TN', count: 4 }],
        numbers: { stride: 7 },
      },
      sources: servers(200),
      solves: SCRIPT,
    },
  }),
  attackScenario({
    name: 'three-minute-flood',
    set: 'tune',
    title: 'Three minutes, three blocks, at home',
    story:
      'Twelve thousand requests in three minutes to three blocks of the main market, each from a home connection of that country: over before the first code counts as not entered.',
    source:
      'https://yousefamar.com/memo/log/2023-01-29-00-05-40 (three minutes), moved into the market',
    platform: 'west-africa',
    affected: ['NG'],
    attack: {
      phases: [{ startMs: 9 * HOUR, durationMs: 3 * MINUTE, attempts: 12_000 }],
      destinations: { targets: [{ kind: 'blocks', country: 'NG', count: 3 }] },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'rising-flood',
    set: 'report',
    title: 'A flood that rises from nothing, at home',
    story:
      'As the three-minute flood, but it swells over an hour, so that no minute is much above the one before it: against alarms on sudden change.',
    source: 'constructed against alarms on bursts, as vendor guides have them',
    platform: 'europe',
    affected: ['DE'],
    attack: {
      phases: [{ startMs: 10 * HOUR, durationMs: HOUR, attempts: 8_000, shape: { kind: 'ramp' } }],
      destinations: { targets: [{ kind: 'blocks', country: 'DE', count: 5 }] },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'probe-then-burst',
    set: 'report',
    title: 'A test message to every block, the burst a day later',
    story:
      'Test numbers of revenue-share ranges are tried first: one message to each block on the eve. The day after, everything goes out within an hour.',
    source:
      'Sahin and Francillon, Understanding and Detecting International Revenue Share Fraud, NDSS 2021',
    platform: 'global',
    attack: {
      phases: [
        {
          startMs: -14 * HOUR,
          durationMs: 4 * HOUR,
          attempts: 36,
          rotate: { everyMessages: 1 },
        },
        { startMs: 4 * HOUR, durationMs: HOUR, attempts: 6_000 },
      ],
      destinations: {
        targets: ['TN', 'AZ', 'UZ', 'DZ', 'MG', 'LK'].map((country) => ({
          kind: 'blocks' as const,
          country,
          count: 6,
        })),
      },
      sources: WORLD_PROXIES,
      solves: SCRIPT,
    },
  }),
]
