import { usd } from '../../engine/money.js'
import type { Policy, ServicePolicy } from '../../engine/policy.js'
import { HOUR, MINUTE, USD } from '../../engine/units.js'
import { formatMoney } from '../../policy/units.js'
import { type Check, type CheckId, edits, names, pass, servicesOf } from './row.js'

/** A cap stands well above the busiest day, or it refuses customers instead of fraud. */
const CAP_OVER_BUSIEST = 3
const LEAST_CAP = 50 * USD
/** Countries with at least this share of the verified codes are where users live. */
const MARKET_SHARE = 0.01
/** Less work than this, in seconds on one core, holds nobody up. */
const LEAST_WORK = 0.1
const LONGEST_CHALLENGE = 30 * MINUTE

/** What bounds the loss. */
export const LIMIT_CHECKS: Record<
  Extract<CheckId, 'enforce' | 'rate-limits' | 'spend-caps' | 'markets' | 'challenge'>,
  Check
> = {
  enforce: {
    group: 'limits',
    title: 'Verdicts are enforced',
    of({ policy }) {
      const watching = servicesOf(policy).filter(({ service }) => service.mode === 'monitor')
      if (watching.length === 0)
        return pass('Every service acts on its verdicts.', 'all services in enforce mode')
      return {
        state: 'fail',
        why: 'In monitor mode everything is recorded and nothing is refused: an attack is paid for.',
        evidence: `monitor: ${names(watching)}`,
        remedy: {
          kind: 'policy',
          label: 'Switch to enforce',
          edits: [
            { path: ['mode'], value: 'enforce' },
            ...edits(
              watching.filter(({ path }) => path[0] === 'services'),
              ['mode'],
              'enforce',
            ),
          ],
        },
      }
    },
  },
  'rate-limits': {
    group: 'limits',
    title: 'Rate limits are on',
    of({ policy }) {
      const missing = servicesOf(policy).filter(({ service }) =>
        (['number', 'ip'] as const).some(
          (subject) =>
            !service.rateLimits.some((rate) => rate.subject === subject && rate.windowMs <= HOUR),
        ),
      )
      if (missing.length === 0)
        return pass(
          'Numbers and addresses are limited within the hour in every service.',
          'per number and per address',
        )
      return {
        state: 'fail',
        why: 'Without a limit by number and address within the hour one machine asks as fast as it can.',
        evidence: `missing in: ${names(missing)}`,
        remedy: {
          kind: 'policy',
          label: 'Put the limits back',
          edits: missing.map(({ path, service }) => ({
            path: [...path, 'rateLimits'],
            value: withLimits(service),
          })),
        },
      }
    },
  },
  'spend-caps': {
    group: 'limits',
    title: 'Spend is capped',
    of({ policy, busiestDayMicroUsd }) {
      const capped = (caps: readonly { period: string; country?: string }[]): boolean =>
        caps.some(({ period, country }) => period === 'day' && country === undefined)
      const open = servicesOf(policy).filter(({ service }) => !capped(service.spendCaps))
      if (capped(policy.spendCaps) || open.length === 0)
        return pass(
          'A daily cap holds against everything, allow lists and verified users too.',
          capped(policy.spendCaps) ? 'a cap over all services' : 'a cap in every service',
        )
      const max = Math.max(LEAST_CAP, CAP_OVER_BUSIEST * (busiestDayMicroUsd ?? 0))
      const rounded = Math.ceil(max / (10 * USD)) * 10 * USD
      return {
        state: 'fail',
        why: 'Lines bound what fraud can cost; only a cap bounds everything, mistakes of your own included.',
        evidence:
          busiestDayMicroUsd === null
            ? `no daily cap: ${names(open)}`
            : `no daily cap: ${names(open)}; the busiest day cost ${usd(busiestDayMicroUsd)}`,
        remedy: {
          kind: 'policy',
          label: `Cap the day at ${usd(rounded)}`,
          edits: [
            {
              path: ['spendCaps'],
              value: [...topCaps(policy), { per: 'day', max: formatMoney(rounded) }],
            },
          ],
        },
      }
    },
  },
  markets: {
    group: 'limits',
    title: 'Destinations are limited to your markets',
    of({ policy, verifiedCountries }) {
      const open = servicesOf(policy).filter(({ service }) => service.markets.length === 0)
      if (open.length === 0)
        return pass(
          'Everywhere else shares small lines, or is refused.',
          servicesOf(policy)
            .map(
              ({ name, service }) =>
                `${name}: ${service.markets.length} countries, outside ${service.outside}`,
            )
            .join('; '),
        )
      const all = verifiedCountries.reduce((sum, { verified }) => sum + verified, 0)
      const home = verifiedCountries
        .filter(({ verified }) => verified >= MARKET_SHARE * all)
        .map(({ country }) => country)
      return {
        state: 'fail',
        why: 'Without markets nowhere is abroad: every country in the world gets the openings of home.',
        evidence: `no markets: ${names(open)}`,
        remedy:
          home.length === 0
            ? { kind: 'page', label: 'Name your markets', to: '/policy' }
            : {
                kind: 'policy',
                label: `Name ${home.slice(0, 6).join(', ')}${home.length > 6 ? ` and ${home.length - 6} more` : ''}`,
                edits: edits(open, ['markets'], home),
              },
      }
    },
  },
  challenge: {
    group: 'limits',
    title: 'Challenges are verified on the server and cost work',
    of({ policy }) {
      const weak = servicesOf(policy).filter(
        ({ service: { challenge } }) =>
          challenge.cost < LEAST_WORK || challenge.ttlMs > LONGEST_CHALLENGE,
      )
      if (weak.length === 0)
        return pass(
          'The gateway issues, checks and uses up each challenge itself; an application cannot forget to.',
          servicesOf(policy)
            .map(({ name, service }) => `${name}: ${service.challenge.cost} s of work`)
            .join('; '),
        )
      return {
        state: 'warn',
        why: 'A challenge of next to no work, or one that is good for hours, is solved in advance and in bulk.',
        evidence: weak
          .map(
            ({ name, service }) =>
              `${name}: ${service.challenge.cost} s, good for ${Math.round(service.challenge.ttlMs / MINUTE)} min`,
          )
          .join('; '),
        remedy: {
          kind: 'policy',
          label: 'Ask for a second of work, good for 5 minutes',
          edits: [
            ...edits(weak, ['challenge', 'cost'], 1),
            ...edits(weak, ['challenge', 'expires'], '5m'),
          ],
        },
      }
    },
  },
}

type FileLimit = { per: string; window: string; max: number; action: string }

/** What a service has, with the usual limits by number and address beside it. */
function withLimits({ rateLimits }: ServicePolicy): unknown[] {
  const has = (subject: string): boolean =>
    rateLimits.some((rate) => rate.subject === subject && rate.windowMs <= HOUR)
  const missing: FileLimit[] = [
    ...(has('number') ? [] : [{ per: 'number', window: '1h', max: 5, action: 'challenge' }]),
    ...(has('ip') ? [] : [{ per: 'ip', window: '1h', max: 10, action: 'challenge' }]),
  ]
  return [
    ...rateLimits.map(({ subject, windowMs, limit, limitOutside, action }) => ({
      per: subject,
      window: `${windowMs / 1_000}s`,
      max: limit,
      ...(limitOutside !== undefined && { outsideMax: limitOutside }),
      action,
    })),
    ...missing,
  ]
}

const topCaps = ({ spendCaps }: Policy): unknown[] =>
  spendCaps.map(({ period, limitMicroUsd }) => ({ per: period, max: formatMoney(limitMicroUsd) }))
