import { DAY, HOUR } from '../../engine/units.js'
import type { Verifies } from '../actors/attack/potential.js'
import { BROWSER, LOCAL_PROXIES, SOLVING_SERVICE } from './attacks-parts.js'
import { type AttackScenario, attackScenario } from './attacks-scenario.js'

const human = (share: number): Verifies => ({ share, delay: { kind: 'human' } })

/** Conversion that lies: whoever holds a range reads its codes for nothing, and can enter as many as he likes. */
export const LYING: readonly AttackScenario[] = [
  attackScenario({
    name: 'verifies-40',
    set: 'tune',
    title: 'Enters two of five of his own codes',
    story:
      'Six blocks at home; enough codes are entered to keep the ratio of verified to sent above the 30 % at which guides sound the alarm, fewer than people enter.',
    source: 'constructed on the verify ratio of 30 % at which vendor guides raise the alarm',
    platform: 'west-africa',
    affected: ['NG'],
    attack: {
      phases: [{ startMs: 4 * HOUR, durationMs: 16 * HOUR, attempts: 8_000, verifies: human(0.4) }],
      destinations: { targets: [{ kind: 'blocks', country: 'NG', count: 6 }] },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'verifies-75',
    set: 'report',
    title: 'Enters three of four of his own codes',
    story:
      'As many as the best of people do, and as slowly. By conversion his blocks are the best of the country. The accounts are never used again.',
    source:
      'constructed; the price of rented verifications bounds outsiders (COTSI, Science 2025), not holders of ranges',
    platform: 'west-africa',
    affected: ['NG'],
    attack: {
      phases: [
        { startMs: 4 * HOUR, durationMs: 16 * HOUR, attempts: 8_000, verifies: human(0.75) },
      ],
      destinations: { targets: [{ kind: 'blocks', country: 'NG', count: 8 }] },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'verifies-75-machine',
    set: 'tune',
    title: 'Enters three of four, always eight seconds after they came',
    story:
      'A bank of SIM cards hands the codes to a script, which waits a constant time before it enters them. No person is so even.',
    source:
      'Thomas and others, Dialing Back Abuse on Phone Verified Accounts, CCS 2014 (verification at scale)',
    platform: 'europe',
    affected: ['FR'],
    attack: {
      phases: [
        {
          startMs: 6 * HOUR,
          durationMs: 12 * HOUR,
          attempts: 6_000,
          verifies: { share: 0.75, delay: { kind: 'constant', ms: 8_000, jitterMs: 300 } },
        },
      ],
      destinations: { targets: [{ kind: 'blocks', country: 'FR', count: 8 }] },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'verifies-95',
    set: 'report',
    title: 'Enters nearly all of his own codes, at once',
    story:
      'The codes are entered within a second of their coming, and nineteen of twenty are. Too good is a sign as well.',
    source: 'Thomas and others, Dialing Back Abuse on Phone Verified Accounts, CCS 2014',
    platform: 'global',
    affected: ['ID'],
    attack: {
      phases: [
        {
          startMs: 4 * HOUR,
          durationMs: 16 * HOUR,
          attempts: 8_000,
          verifies: { share: 0.95, delay: { kind: 'fast' } },
        },
      ],
      destinations: { targets: [{ kind: 'blocks', country: 'ID', count: 6 }] },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'verifies-with-few-devices',
    set: 'tune',
    title: 'Half the codes are entered, on eight telephones',
    story:
      'Whatever is to be verified is asked for and entered on eight real telephones; the rest comes from anywhere. Every credit of his blocks has the same few hands behind it.',
    source:
      'Thomas and others, Dialing Back Abuse on Phone Verified Accounts, CCS 2014 (few holders behind many numbers)',
    platform: 'west-africa',
    affected: ['GH'],
    attack: {
      phases: [
        {
          startMs: 5 * HOUR,
          durationMs: 12 * HOUR,
          attempts: 6_000,
          verifies: { ...human(0.5), devices: 8 },
        },
      ],
      destinations: { targets: [{ kind: 'blocks', country: 'GH', count: 5 }] },
      sources: LOCAL_PROXIES,
      solves: SOLVING_SERVICE,
    },
  }),
  attackScenario({
    name: 'trust-then-burn',
    set: 'report',
    title: 'Two days of good customers, then all of it at once',
    story:
      'Twelve blocks get a message an hour each for two days, and every code is entered. On the third day the trust is burnt in an hour.',
    source: 'constructed: credit that can be earned can be spent',
    platform: 'west-africa',
    affected: ['NG'],
    days: 4,
    warmDays: 1,
    attack: {
      phases: [
        {
          startMs: 0,
          durationMs: 2 * DAY,
          attempts: 576,
          shape: { kind: 'diurnal', utcOffsetHours: 1 },
          verifies: human(1),
        },
        { startMs: 2 * DAY + 9 * HOUR, durationMs: HOUR, attempts: 8_000 },
      ],
      destinations: { targets: [{ kind: 'blocks', country: 'NG', count: 12 }] },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'trust-abroad',
    set: 'tune',
    title: 'Earns a country abroad, then floods it',
    story:
      'A day of small, well-converting traffic to a country in which there were no customers, activated accounts and all; then the flood that the credit was for.',
    source: 'constructed: to a rule it is a launch that goes well until it does not',
    platform: 'europe',
    days: 4,
    attack: {
      phases: [
        {
          startMs: 0,
          durationMs: DAY,
          attempts: 300,
          verifies: { ...human(0.9), activates: 0.8 },
        },
        { startMs: DAY + 2 * HOUR, durationMs: 2 * HOUR, attempts: 6_000 },
      ],
      destinations: { targets: [{ kind: 'blocks', country: 'LK', count: 10 }] },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
]
