import { DAY, HOUR, MINUTE, SECOND } from '../../engine/units.js'
import type { CrowdData } from '../actors/people-crowd.js'
import type { ScenarioData } from './scenario.js'

type Described = Omit<ScenarioData, 'kind' | 'days' | 'warmDays' | 'actors'> & {
  days?: number
  crowd?: Omit<CrowdData, 'kind' | 'name'>
}

/** A day of a platform after two ordinary ones, on which something happens that is no attack. */
const trap = ({ crowd, days = 3, ...described }: Described): ScenarioData => ({
  ...described,
  kind: 'trap',
  days,
  warmDays: 2,
  actors: crowd === undefined ? [] : [{ kind: 'crowd', name: described.name, ...crowd }],
})

/** Ordinary days: whatever is refused on them is a mistake. */
export const CLEAN: readonly ScenarioData[] = (
  [
    ['clean-west-africa', 'west-africa', 'report'],
    ['clean-europe', 'europe', 'tune'],
    ['clean-global', 'global', 'report'],
  ] as const
).map(([name, platform, set]) => ({
  name,
  kind: 'clean',
  title: `Ten ordinary days (${platform})`,
  story:
    'Nothing happens but what always does: nights and weekends, people who never enter their code, resends, travellers, two numbers on one phone.',
  source: 'constructed; its parameters are stated with the people they describe',
  platform,
  days: 10,
  warmDays: 10,
  actors: [],
  set,
}))

/** What happens to a platform that is no attack, and looks like one to some rule or other. */
export const TRAPS: readonly ScenarioData[] = [
  trap({
    name: 'flash-crowd',
    set: 'tune',
    title: 'Eight times the traffic for an hour',
    story:
      'A TV show names the shop at half past seven in the evening, and everybody signs up at once. A limit on all messages, or a comparison with the usual of the hour, refuses the best hour of the year.',
    source: 'constructed against global rate limits, such as 100 messages a minute for everybody',
    platform: 'europe',
    affected: ['DE'],
    changes: [
      { kind: 'surge', startMs: 18.5 * HOUR, durationMs: HOUR, factor: 8, countries: ['DE'] },
    ],
  }),
  trap({
    name: 'new-country',
    set: 'report',
    title: 'A country is launched and nobody told the gateway',
    story:
      'Six hundred sessions an hour from a country that had a handful a day, at a conversion below that of the others, and not among the markets of the policy. To a budget per country with no history it is an attack.',
    source:
      'constructed against budgets of the last two weeks (Authgear, fraud protection by unverified messages per country)',
    platform: 'global',
    affected: ['VN'],
    crowd: {
      startMs: 6 * HOUR,
      durationMs: 12 * HOUR,
      sessions: 7_200,
      countries: ['VN'],
      conversion: 0.62,
    },
  }),
  trap({
    name: 'one-nat-address',
    set: 'tune',
    title: 'Three hundred and sixty phones behind one address',
    story:
      "A campus comes out of one address of the carrier's network address translation, and it is the first day of term. Five or ten numbers an address and hour are gone in minutes.",
    source:
      'Cloudflare, One IP address, many users (2025): hundreds to thousands of people share an IPv4 address, mostly in Africa and Asia',
    platform: 'west-africa',
    affected: ['KE'],
    crowd: {
      startMs: 8 * HOUR,
      durationMs: 3 * HOUR,
      sessions: 360,
      countries: ['KE'],
      shared: { country: 'KE', access: 'mobile', addresses: 1 },
    },
  }),
  trap({
    name: 'company-enrols',
    set: 'report',
    title: 'A company enrols two hundred numbers in sequence',
    story:
      'New staff phones have numbers one after the other in one block, and all of them come from the one address of the office within forty minutes. They look like enumeration but they verify.',
    source:
      'constructed against counts per prefix (public AWS sample: ten a day and thousand numbers)',
    platform: 'europe',
    affected: ['FR'],
    crowd: {
      startMs: 9 * HOUR,
      durationMs: 40 * MINUTE,
      sessions: 200,
      countries: ['FR'],
      numbers: 'sequential',
      shared: { country: 'FR', access: 'fixed', addresses: 1 },
      conversion: 0.93,
    },
  }),
  trap({
    name: 'outage-with-receipts',
    set: 'tune',
    title: 'Half an hour in which no message arrives, with receipts for most',
    story:
      'The route into a market fails in the evening. Seven in ten messages are reported as undelivered, nobody enters a code, and many ask again.',
    source: 'constructed; providers publish such incidents on their status pages every month',
    platform: 'west-africa',
    affected: ['NG'],
    changes: [
      {
        kind: 'outage',
        startMs: 18 * HOUR,
        durationMs: 30 * MINUTE,
        receipts: 0.7,
        countries: ['NG'],
      },
    ],
  }),
  trap({
    name: 'outage-without-receipts',
    set: 'report',
    title: 'Two hours in which no message arrives, and no receipt says so',
    story:
      'The carrier accepts everything and delivers nothing in the largest market. Conversion falls to zero for two hours on thousands of ranges at once: an outage lies everywhere, an attack in some places.',
    source: 'constructed; delivery receipts are known to be missing or invented on some routes',
    platform: 'west-africa',
    affected: ['NG'],
    changes: [
      { kind: 'outage', startMs: 14 * HOUR, durationMs: 2 * HOUR, receipts: 0, countries: ['NG'] },
    ],
  }),
  trap({
    name: 'slow-route',
    set: 'report',
    title: 'A route takes four times as long for an hour',
    story:
      'Codes come after a minute and a half. Whoever counts a message as lost after two minutes counts a third of them too early, and people ask again meanwhile.',
    source:
      'constructed against readings of unfinished sends: with delays four times as long a censored test raises 27 % false alarms',
    platform: 'global',
    affected: ['IN'],
    changes: [{ kind: 'slow', startMs: 13 * HOUR, durationMs: HOUR, factor: 4, countries: ['IN'] }],
  }),
  trap({
    name: 'slow-people',
    set: 'tune',
    title: 'Pensioners take a minute and a half',
    story:
      'The pension office asks its members to register: two thousand people whose median time from message to code is ninety seconds. A third of their codes are entered after the two minutes at which a send counts as lost.',
    source: 'constructed against a fixed maturity of two minutes',
    platform: 'europe',
    affected: ['IT'],
    crowd: {
      startMs: 7 * HOUR,
      durationMs: 10 * HOUR,
      sessions: 2_000,
      countries: ['IT'],
      medianMs: 90 * SECOND,
    },
  }),
  trap({
    name: 'client-bug',
    set: 'report',
    title: 'The app asks three times for every session',
    story:
      'A release sends the request again on every redraw: three messages two seconds apart, of which one code is entered. Counted by message two thirds are wasted; counted by session nothing is wrong.',
    source:
      'constructed; counting only the first attempt of a session is what Signal does (registration-service)',
    platform: 'global',
    affected: ['US', 'GB'],
    changes: [
      {
        kind: 'repeats',
        startMs: 10 * HOUR,
        durationMs: 8 * HOUR,
        sends: 3,
        gapMs: 2 * SECOND,
        countries: ['US', 'GB'],
      },
    ],
  }),
  trap({
    name: 'price-doubles',
    set: 'tune',
    title: 'The provider doubles its price over night',
    story:
      'From one day to the next a message costs twice as much in the main market. Lines and budgets in money have half as many messages in them as yesterday.',
    source:
      'price list of one provider, March 2025: Egypt 0.18 to 0.37, Madagascar 0.23 to 0.49, Jordan 0.15 to 0.40, Belize 0.05 to 0.25 USD in one update',
    platform: 'west-africa',
    affected: ['NG'],
    changes: [{ kind: 'price', startMs: 0, durationMs: DAY, factor: 2, countries: ['NG'] }],
  }),
  trap({
    name: 'pay-day',
    set: 'tune',
    title: 'Pay day: three times the traffic at its peak',
    story:
      'Salaries arrive and three times as many people sign in and sign up from eight to noon, in one country. The mix of countries changes with it.',
    source: 'constructed against alarms on volume and on the mix of countries',
    platform: 'west-africa',
    affected: ['NG'],
    changes: [
      { kind: 'surge', startMs: 7 * HOUR, durationMs: 5 * HOUR, factor: 3, countries: ['NG'] },
    ],
  }),
  trap({
    name: 'reports-held-back',
    set: 'report',
    title: 'No code is reported as entered for nine minutes, then all of them',
    story:
      "The application's queue of reports stands still and is worked off at once. For nine minutes no send verifies, everywhere at once; all of them verify late, and none may count as lost for ever. Nine, because a code is valid for ten.",
    source: 'constructed against detectors that take silence for failure',
    platform: 'europe',
    affected: ['DE', 'FR', 'ES', 'IT', 'GB', 'PL', 'NL'],
    changes: [{ kind: 'held-reports', startMs: 18 * HOUR, durationMs: 9 * MINUTE }],
  }),
  trap({
    name: 'airport',
    set: 'tune',
    title: 'An airport: numbers of twenty countries on one network',
    story:
      'Transit passengers register for the wireless network with the numbers they have at home. Twenty countries on four addresses within some hours, most of them outside the markets.',
    source:
      'constructed against rules on countries per address (Authgear warns from three on) and on numbers abroad',
    platform: 'global',
    affected: ['TR'],
    crowd: {
      startMs: 5 * HOUR,
      durationMs: 8 * HOUR,
      sessions: 240,
      countries: [
        ...['TR', 'DE', 'GB', 'FR', 'NL', 'US', 'SA', 'AE', 'EG', 'PK'],
        ...['IN', 'UZ', 'KZ', 'UA', 'RO', 'IL', 'JO', 'TN', 'MA', 'ZA'],
      ],
      shared: { country: 'TR', access: 'fixed', addresses: 4 },
    },
  }),
  trap({
    name: 'agent-shop',
    set: 'report',
    title: 'A shop registers forty customers on one phone',
    story:
      'An agent opens wallets for customers on the phone behind the counter, forty a day: one device, one address, forty numbers, and nearly all of them verify.',
    source:
      'constructed on how mobile money is opened at agents in Ghana and Kenya, against five numbers a device and hour',
    platform: 'west-africa',
    affected: ['GH'],
    crowd: {
      startMs: 8 * HOUR,
      durationMs: 10 * HOUR,
      sessions: 40,
      countries: ['GH'],
      shared: { country: 'GH', access: 'mobile', addresses: 1 },
      devices: 1,
      conversion: 0.9,
    },
  }),
]
