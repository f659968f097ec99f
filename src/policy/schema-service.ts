import type { Static } from '@sinclair/typebox'
import { NUMBER_TYPES } from '../engine/facts.js'
import { DAY, HOUR, MINUTE, SECOND, USD } from '../engine/units.js'
import {
  block,
  choice,
  country,
  duration,
  entry,
  flag,
  integer,
  list,
  map,
  money,
  number,
  text,
} from './schema-kinds.js'
import {
  AutomaticEntry,
  DistinctEntry,
  GlobalCapEntry,
  RateLimitEntry,
  SpendCapEntry,
} from './schema-limits.js'
import { LineBlocks } from './schema-lines.js'

const TYPE_VERDICTS = ['allow', 'challenge', 'deny'] as const
const PERMISSIONS = ['allow', 'credit', 'challenge', 'hold', 'deny'] as const
const OUTSIDE = ['credit', 'challenge', 'hold', 'deny'] as const

const TYPE_NOTES: Partial<Record<(typeof NUMBER_TYPES)[number], string>> = {
  FIXED_LINE_OR_MOBILE: 'all numbers of US, CA, MX and DO: denying it denies these countries',
  FIXED_LINE: 'landlines do not receive SMS',
  VOIP: 'cheap to have in numbers, but real people have them',
  PERSONAL_NUMBER: 'such as GB 070, a classic of revenue share fraud',
  PREMIUM_RATE: 'the called party earns on every message',
  SHARED_COST: 'the called party may earn on every message',
  UNKNOWN: 'valid, but the numbering plan says no more',
}

const NumberTypes = Object.fromEntries(
  NUMBER_TYPES.map((name) => [
    name,
    choice(TYPE_VERDICTS, { description: TYPE_NOTES[name] ?? 'numbers of this type' }),
  ]),
) as Record<(typeof NUMBER_TYPES)[number], ReturnType<typeof choice<typeof TYPE_VERDICTS>>>

/** Everything that can be set for a service, in the file's words. What is left out is inherited. */
export const ServiceFile = block({
  mode: choice(['monitor', 'enforce'], {
    description:
      '`monitor` decides and records, but refuses only what cannot be sent, and no spend cap holds; `enforce` acts on the verdict',
    why: 'look at a week of decisions before anybody is refused',
  }),
  markets: list(country({ description: 'ISO 3166 alpha-2' }), {
    description:
      'Countries your users live in. They get the larger openings; all others share the `abroad` line. Empty: nowhere is abroad',
    maxItems: 250,
  }),
  outside: choice(OUTSIDE, {
    description:
      'What destinations outside the markets get: `credit` (sent within the small abroad lines), `challenge`, `hold` (manual review) or `deny` (the markets become an allow-list)',
    why: 'a customer abroad is served, and the money at risk there stays bounded',
  }),
  countries: map(choice(PERMISSIONS, { description: 'permission' }), 'country', {
    description:
      'Permission of single countries, stronger than `markets` and `outside`. `allow` lifts a country out of the abroad line',
    maxItems: 250,
  }),
  numberTypes: block(NumberTypes, {
    description:
      'Permission by line type of the number. Satellite and global codes (+870, +881, +882, +883, +979 ...) are refused always',
  }),
  unallocated: choice(TYPE_VERDICTS, {
    description: 'A valid number in a range that no operator is named for',
    why: 'a sign of made-up numbers, too weak alone to refuse a person',
  }),
  fraudBudget: money({
    description:
      'The most that an attacker who verifies nothing can cost this service in a day. Openings of the operator, country, abroad and service lines scale with it',
    why: 'the table of openings is written for it',
    min: 0.01 * USD,
    max: 1_000_000 * USD,
  }),
  lines: LineBlocks,
  hard: number({
    description:
      'At this many times its limit a narrow line denies, and a wide line leaves numbers that never verified without SMS. Between 1 and this a challenge is asked for. On blocks and abroad it multiplies the opening, not what others earned there',
    min: 1,
    max: 10,
  }),
  margin: number({
    description:
      'Unverified sends that one verified send pays for, times the break-even of the usual conversion',
    why: 'a quarter above break-even lets an ordinary bad hour pass',
    min: 1,
    max: 5,
  }),
  z: number({
    description: 'Standard deviations of chance that a limit allows for on earned credit',
    min: 0,
    max: 6,
  }),
  sizeShare: number({
    description:
      'Country and operator openings grow to this share of the expected verified spend of an hour',
    why: 'a service of ten million codes a day is not run on 10 USD',
    min: 0,
    max: 1,
  }),
  rateLimits: list(RateLimitEntry, {
    description:
      'Messages per sliding window. A list given here replaces the inherited one. Narrow limits on shared things (network, country, service) let a stranger use up the room of others',
    maxItems: 32,
  }),
  distinct: list(DistinctEntry, {
    description:
      'Different numbers or countries that one source may ask for in a window. A list given here replaces the inherited one',
    maxItems: 16,
  }),
  spendCaps: list(SpendCapEntry, {
    description:
      'Money per calendar period (UTC). Holds against everything, allow lists and verified users too. A list given here replaces the inherited one',
    why: 'a hard cap on something shared is a lever to deny service to others: set it above your busiest day',
    maxItems: 16,
  }),
  session: duration({
    description:
      'Requests for one number within this time are one session: ranges are charged once, and a verification repays all of it',
    min: MINUTE,
    max: DAY,
  }),
  maturity: duration({
    description:
      'Age at which an unverified send counts as lost, until the usual delay of its country is learned. Verified later, it is repaired',
    min: 30 * SECOND,
    max: 10 * MINUTE,
  }),
  knownGood: block(
    {
      for: duration({
        description: 'How long a verification of a number speaks for it',
        min: 0,
        max: 90 * DAY,
      }),
      unverified: integer({
        description:
          'Unverified messages such a number may have open when asked for from a source not seen with it before',
        why: 'one farmed verification is no licence',
        min: 0,
        max: 100,
      }),
    },
    { description: 'Numbers verified before keep working while their country is attacked' },
  ),
  risk: block(
    {
      challenge: number({
        description:
          'Probability that a request is pumped, from all signals, at which a challenge is asked for on idle lines',
        why: 'the score is calibrated on your own outcomes: nine in ten such requests never verify',
        min: 0,
        max: 1,
      }),
      challengeWhenFull: number({
        description: 'The same on a line that is at its limit: the riskiest are asked first',
        why: 'random early detection: what is left of a line goes to those who look like people',
        min: 0,
        max: 1,
      }),
      duringAttack: number({
        description:
          'Probability from which no SMS goes to ranges of an open incident and to unproven numbers of its countries',
        why: 'an incident has a stated false-alarm rate; a solved challenge is cheaper than a message',
        min: 0,
        max: 1,
      }),
      spare: number({
        description:
          'Below this probability a wide line asks for a challenge only half way from its limit to its closing',
        why: 'people share wide lines with whoever attacks through them',
        min: 0,
        max: 1,
      }),
      from: number({
        description:
          'How full the binding line is when the first begins to fall towards the second',
        min: 0,
        max: 1,
      }),
    },
    { description: 'What the signals may ask for. Risk alone never denies' },
  ),
  earning: block(
    {
      perSource: number({
        description:
          'Verified messages a day that one device, account, address or subnet may earn for a range',
        min: 0,
        max: 10_000,
      }),
      sends: number({
        description: 'A range earns a day at most the largest of this many messages ...',
        min: 0,
        max: 1_000_000,
      }),
      money: money({ description: '... this amount ...', min: 0, max: 1_000_000 * USD }),
      timesCountryMean: number({
        description:
          '... and this many times what an active block of its country brings on average',
        min: 0,
        max: 10_000,
      }),
      onActivation: flag({
        description:
          'Lines earn only when the application reports `activated`; a verified code alone repays its own debt',
        why: 'needs a report from the application',
      }),
    },
    {
      description:
        'Caps on credit earned by verified codes: operators who read their own subscribers’ messages can verify every code',
    },
  ),
  prior: block(
    {
      markets: number({ description: 'in the markets, 0 to 1', min: 0.05, max: 0.95 }),
      elsewhere: number({ description: 'everywhere else, 0 to 1', min: 0.05, max: 0.95 }),
    },
    { description: 'Conversion (verified over sent) assumed until it is learned' },
  ),
  code: block(
    {
      digits: integer({ description: 'Length of the code', min: 4, max: 10 }),
      expires: duration({ description: 'Life of a verification', min: 30 * SECOND, max: DAY }),
      checks: integer({
        description: 'Wrong codes before a verification is over',
        why: 'five guesses at six digits succeed once in 200,000',
        min: 1,
        max: 20,
      }),
      sends: integer({ description: 'Messages of one verification', min: 1, max: 20 }),
      resendAfter: duration({
        description: 'Shortest time between two messages of one verification',
        min: 0,
        max: HOUR,
      }),
      text: text(
        { description: 'Message text; `{code}` and `{service}` are filled in' },
        { max: 1_000, must: '{code}' },
      ),
    },
    { description: 'The code and its message' },
  ),
  challenge: block(
    {
      expires: duration({ description: 'Life of a challenge', min: 10 * SECOND, max: HOUR }),
      cost: number({
        description: 'Expected seconds of work on one core when the binding line is at its limit',
        min: 0.01,
        max: 32,
      }),
      maxCost: number({
        description: 'The most it is raised to as the line fills, same unit',
        why: 'longer than the widget waits helps nobody',
        min: 0.01,
        max: 32,
      }),
    },
    { description: 'Proof of work' },
  ),
  lists: block(
    {
      allow: list(entry({ description: 'entry' }), {
        description:
          'Pass the lines and limits (not the number checks, country `deny` and spend caps). They stand outside the bound',
        maxItems: 10_000,
      }),
      deny: list(entry({ description: 'entry' }), {
        description: 'Refused always',
        maxItems: 10_000,
      }),
    },
    {
      description:
        'Numbers (+2348031234567), ranges (+23480*), addresses, subnets (/24, /48, /64), networks (AS64500), `device:x`, `account:x`',
    },
  ),
  playbook: block(
    {
      automatic: list(AutomaticEntry, {
        description:
          'Measures on the ranges of an attack as soon as it has cost so much; they expire and can be undone like those of people',
        maxItems: 8,
      }),
    },
    { description: 'What the gate orders by itself while an attack runs: nothing unless named' },
  ),
  review: block(
    {
      expires: duration({
        description: 'How long a held request waits for a person; then it is refused',
        why: 'nobody waits longer for a code',
        min: MINUTE,
        max: DAY,
      }),
    },
    { description: 'Manual review of held requests' },
  ),
})
export type ServiceFile = Static<typeof ServiceFile>

/** The whole policy file. */
export const PolicyFile = block(
  {
    version: choice([1], { description: 'Version of this format. Every file has to say it' }),
    mode: choice(['monitor', 'enforce'], {
      description: 'For every service that does not set its own',
      why: 'look at a week of decisions before anybody is refused',
    }),
    otherServices: choice(['default', 'deny'], {
      description:
        'Services that are not named here: `default` gives them the settings of `defaults`, each with lines of its own; `deny` refuses them as unknown. When left out: `deny` if any service is named, else `default`',
      why: 'once services are named, another name is more likely a typing error, and it would have credit of its own',
    }),
    spendCaps: list(GlobalCapEntry, {
      description: 'Money over all services together, per calendar period (UTC)',
      maxItems: 16,
    }),
    defaults: block(ServiceFile.properties, {
      description: 'Settings that every service inherits',
    }),
    services: map(
      ServiceFile,
      {
        pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/,
        hint: 'use 1 to 64 letters, digits, ".", "-" or "_", beginning with a letter or digit',
      },
      { description: 'One entry for each flow: sign-up, login, reset ...', maxItems: 1_000 },
    ),
  },
  { description: 'Policy file', needs: ['version'] },
)
export type PolicyFile = Static<typeof PolicyFile>

/** The file as somebody wrote it: everything may be left out. Lists and their entries are whole. */
export type Partly<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: Partly<T[K]> }
    : T
