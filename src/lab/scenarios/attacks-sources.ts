import { HOUR, MINUTE } from '../../engine/units.js'
import { BROWSER, LOCAL_PROXIES, SCRIPT, SOLVING_SERVICE, servers } from './attacks-parts.js'
import { type AttackScenario, attackScenario } from './attacks-scenario.js'

/** Told apart by where the requests come from, and by what is done about challenges and limits. */
export const BY_SOURCE: readonly AttackScenario[] = [
  attackScenario({
    name: 'captcha-farm-60',
    set: 'tune',
    title: 'Three of five CAPTCHAs are solved',
    story:
      'People are paid a tenth of a cent a CAPTCHA, and a service sells their answers. Three of five come in time.',
    source: 'Motoyama and others, Re: CAPTCHAs, USENIX Security 2010 (USD 0.5 to 2 per thousand)',
    platform: 'west-africa',
    affected: ['NG'],
    attack: {
      phases: [{ startMs: 6 * HOUR, durationMs: 8 * HOUR, attempts: 9_600 }],
      destinations: { targets: [{ kind: 'blocks', country: 'NG', count: 10 }] },
      sources: LOCAL_PROXIES,
      solves: { pow: 0.6, captcha: 0.6, channel: 0 },
    },
  }),
  attackScenario({
    name: 'captcha-farm-100',
    set: 'report',
    title: 'Every challenge is solved',
    story:
      'Work is done, every CAPTCHA solved: a challenge only costs him what it costs, and where a message is dear that is little.',
    source: 'Motoyama and others, Re: CAPTCHAs, USENIX Security 2010',
    platform: 'global',
    affected: ['ID'],
    attack: {
      phases: [{ startMs: 6 * HOUR, durationMs: 8 * HOUR, attempts: 9_600 }],
      destinations: { targets: [{ kind: 'blocks', country: 'ID', count: 30 }] },
      sources: LOCAL_PROXIES,
      solves: SOLVING_SERVICE,
    },
  }),
  attackScenario({
    name: 'resend-abuse',
    set: 'tune',
    title: 'Presses "send again"',
    story:
      'Three codes to each number within two minutes of one page: an endless supply of people who cannot find their message. Rules that do not count a resend pay three times.',
    source:
      'https://uspeedo.com/docs/products/sms/faq/sms_otp (repeated requests to one number, first of the patterns)',
    platform: 'europe',
    affected: ['DE'],
    attack: {
      phases: [{ startMs: 7 * HOUR, durationMs: 8 * HOUR, attempts: 6_000 }],
      destinations: {
        targets: [{ kind: 'blocks', country: 'DE', count: 12 }],
        repeats: { times: 3, gapMs: 45_000, sameSession: true },
      },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
  }),
  attackScenario({
    name: 'under-the-number-limit',
    set: 'report',
    title: 'The same numbers again, under the limit',
    story:
      'A few hundred telephones of his own, each asked for four times, twenty minutes apart and from another place each time: the hourly limit of five is never met.',
    source:
      'https://github.com/ltb-project/self-service-password/issues/165 (many codes to one known user)',
    platform: 'west-africa',
    attack: {
      phases: [{ startMs: 4 * HOUR, durationMs: 14 * HOUR, attempts: 6_000 }],
      destinations: {
        targets: [
          { kind: 'blocks', country: 'TN', count: 6 },
          { kind: 'blocks', country: 'NG', count: 6 },
        ],
        repeats: { times: 4, gapMs: 20 * MINUTE, sameSession: false },
      },
      sources: LOCAL_PROXIES,
      solves: BROWSER,
    },
    affected: ['NG'],
  }),
  attackScenario({
    name: 'account-farm',
    set: 'report',
    title: 'A new account for every code',
    story:
      'Forty throw-away sign-ups an hour were enough to bring down a small service; here every request has an account, a device and an address of its own.',
    source:
      'https://blog.spike.sh/scammers-signed-up-and-scammed-us-of-870-in-15-minutes (voice calls to Moldova, USD 870)',
    platform: 'europe',
    attack: {
      phases: [{ startMs: 3 * HOUR, durationMs: 10 * HOUR, attempts: 4_000 }],
      destinations: { targets: [{ kind: 'blocks', country: 'MD', count: 8 }] },
      sources: { ...LOCAL_PROXIES, accounts: 'fresh' },
      solves: SOLVING_SERVICE,
    },
  }),
  attackScenario({
    name: 'device-farm',
    set: 'tune',
    title: 'Twenty telephones on a shelf',
    story:
      'Real telephones on mobile lines, whose addresses they share with thousands of customers. Only the devices come again.',
    source: 'https://uspeedo.com/docs/products/sms/faq/sms_otp (asks for limits by device)',
    platform: 'west-africa',
    affected: ['NG'],
    attack: {
      phases: [{ startMs: 5 * HOUR, durationMs: 14 * HOUR, attempts: 5_000 }],
      destinations: { targets: [{ kind: 'blocks', country: 'NG', count: 15 }] },
      sources: {
        addresses: { access: 'mobile', count: 40, from: 'number' },
        devices: { count: 20 },
        visit: 'faked',
      },
      solves: SOLVING_SERVICE,
    },
  }),
  attackScenario({
    name: 'rented-servers',
    set: 'report',
    title: 'Four hundred rented servers',
    story:
      "Cheap servers of a few clouds, with a browser's name half of the time; no address asks more than a few dozen times in the hour.",
    source: 'constructed: the cheapest addresses there are',
    platform: 'global',
    affected: ['BR'],
    attack: {
      phases: [{ startMs: 2 * HOUR, durationMs: 4 * HOUR, attempts: 8_000 }],
      destinations: { targets: [{ kind: 'blocks', country: 'BR', count: 30 }] },
      sources: { ...servers(400, ['US', 'DE', 'NL', 'SG', 'FR']), automation: 0.5 },
      solves: SCRIPT,
    },
  }),
]
