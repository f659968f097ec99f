import { describe, expect, it } from 'vitest'
import {
  CAP,
  type Case,
  judge,
  KNOWN,
  listed,
  NOW,
  number,
  only,
  PRICE,
} from '../../test/scenarios/judge.js'
import type { Verdict } from './decision.js'
import { DAY, HOUR } from './units.js'

const codes = (c: Case): string[] => judge(c).reasons.map((r) => r.code)
describe('the reduction', () => {
  const rows: [string, Verdict, string | null, Case][] = [
    ['nothing against it', 'allow', null, {}],
    ['1 invalid', 'deny', 'number.invalid', { facts: number({ problem: 'invalid', e164: '' }) }],
    [
      '1 unparseable is not unprotected',
      'deny',
      'number.invalid',
      { facts: number({ problem: 'unparseable' }) },
    ],
    ['1 extension', 'deny', 'number.extension', { facts: number({ problem: 'extension' }) }],
    ['1 global code', 'deny', 'number.global_code', { facts: number({ problem: 'global_code' }) }],
    ['1 type not permitted', 'deny', 'number.type', { facts: number({ type: 'PREMIUM_RATE' }) }],
    [
      '1 type that must prove itself',
      'challenge',
      'number.type',
      { facts: number({ type: 'VOIP' }) },
    ],
    [
      '1 unallocated, default',
      'challenge',
      'number.unallocated',
      { facts: number({ allocated: false }) },
    ],
    [
      '1 unallocated, deny',
      'deny',
      'number.unallocated',
      { facts: number({ allocated: false }), policy: { unallocated: 'deny' } },
    ],
    [
      '1 unallocated, ignored',
      'allow',
      null,
      { facts: number({ allocated: false }), policy: { unallocated: 'allow' } },
    ],
    ['1 deny list', 'deny', 'list.denied', { facts: listed('deny') }],
    ['1 country deny', 'deny', 'country.denied', { policy: { countries: { NG: 'deny' } } }],
    ['1 outside deny', 'deny', 'country.denied', { country: 'LK', policy: { outside: 'deny' } }],
    [
      '1 outside deny, one country let in',
      'allow',
      null,
      { country: 'LK', policy: { outside: 'deny', countries: { LK: 'credit' } } },
    ],
    [
      '2 spend cap with room for one',
      'allow',
      null,
      { policy: { spendCaps: [CAP] }, spent: 9 * PRICE },
    ],
    [
      '2 spend cap reached',
      'deny',
      'spend.service',
      { policy: { spendCaps: [CAP] }, spent: 9 * PRICE + 1 },
    ],
    [
      '2 cap of another country',
      'allow',
      null,
      { policy: { spendCaps: [{ ...CAP, scope: 'country', country: 'GH' }] }, spent: 99 * PRICE },
    ],
    [
      '2 cap of each country',
      'deny',
      'spend.country',
      { policy: { spendCaps: [{ ...CAP, scope: 'country', country: '*' }] }, spent: 99 * PRICE },
    ],
    ...(['challenge', 'hold', 'deny'] as const).map((action): [string, Verdict, string, Case] => [
      `3 rate limit, ${action}`,
      action,
      'ip.messages',
      {
        policy: only({ rateLimits: [{ subject: 'ip', windowMs: HOUR, limit: 10, action }] }),
        seen: 10,
      },
    ]),
    [
      '3 rate limit with one left',
      'allow',
      null,
      {
        policy: only({
          rateLimits: [{ subject: 'ip', windowMs: HOUR, limit: 10, action: 'deny' }],
        }),
        seen: 9,
      },
    ],
    [
      '3 stricter outside the markets',
      'challenge',
      'number.messages',
      {
        country: 'LK',
        policy: only({
          rateLimits: [
            { subject: 'number', windowMs: HOUR, limit: 5, limitOutside: 1, action: 'challenge' },
          ],
        }),
        seen: 1,
      },
    ],
    [
      '3 an earning address has more room',
      'allow',
      null,
      {
        earned: { ip: 10 },
        policy: only({
          rateLimits: [{ subject: 'ip', windowMs: HOUR, limit: 10, action: 'deny' }],
        }),
        seen: 25,
      },
    ],
    [
      '3 distinct numbers',
      'challenge',
      'device.numbers',
      {
        policy: only({
          distinct: [
            { of: 'numbers', per: 'device', windowMs: HOUR, limit: 3, action: 'challenge' },
          ],
        }),
        seen: 4,
      },
    ],
    [
      '3 distinct numbers at their limit, as stores estimate three',
      'allow',
      null,
      {
        policy: only({
          distinct: [
            { of: 'numbers', per: 'device', windowMs: HOUR, limit: 3, action: 'challenge' },
          ],
        }),
        seen: -64 * Math.log(61 / 64),
      },
    ],
    [
      '3 distinct countries are not earned',
      'challenge',
      'ip.countries',
      {
        earned: { ip: 50 },
        policy: only({
          distinct: [{ of: 'countries', per: 'ip', windowMs: DAY, limit: 3, action: 'challenge' }],
        }),
        seen: 4,
      },
    ],
    [
      '4 allow list over a closed block',
      'allow',
      'block.credit_exhausted',
      { facts: listed('allow'), lost: { block: 50 } },
    ],
    [
      '4 allow list does not lift the spend cap',
      'deny',
      'spend.service',
      { facts: listed('allow'), policy: { spendCaps: [CAP] }, spent: 10 * PRICE },
    ],
    [
      '4 allow list does not lift validity',
      'deny',
      'number.type',
      { facts: (f) => listed('allow')(number({ type: 'PREMIUM_RATE' })(f)) },
    ],
    [
      '4 known-good over a closed country',
      'allow',
      'country.credit_exhausted',
      { state: KNOWN, lost: { country: 900 } },
    ],
    [
      '4 known-good does not lift the deny list',
      'deny',
      'list.denied',
      { state: KNOWN, facts: listed('deny') },
    ],
    [
      '4 known-good does not lift the spend cap',
      'deny',
      'spend.service',
      { state: KNOWN, policy: { spendCaps: [CAP] }, spent: 10 * PRICE },
    ],
    [
      '5 a narrow line over its limit',
      'challenge',
      'block.credit_exhausted',
      { lost: { block: 2 } },
    ],
    ['5 and solved', 'allow', 'block.credit_exhausted', { lost: { block: 2 }, passed: true }],
    ['6 a narrow line over hard', 'deny', 'block.credit_exhausted', { lost: { block: 4 } }],
    [
      '6 however many challenges are solved',
      'deny',
      'block.credit_exhausted',
      { lost: { block: 4 }, passed: true },
    ],
    [
      '6 what is in flight counts in full on a cold line',
      'deny',
      'sub_block.credit_exhausted',
      { reserved: { subBlock: 4 } },
    ],
    [
      '7 a wide line over its limit',
      'challenge',
      'country.credit_exhausted',
      { lost: { country: 95 } },
    ],
    ['7 and solved', 'allow', 'country.credit_exhausted', { lost: { country: 95 }, passed: true }],
    [
      '7 a wide line over hard',
      'deny',
      'country.credit_exhausted',
      { lost: { country: 190 }, passed: true },
    ],
    [
      '7 under a filling country a second number of a block must prove itself',
      'challenge',
      'block.credit_exhausted',
      { reserved: { block: 1 }, lost: { country: 90 } },
    ],
    ['7 which it need not else', 'allow', null, { reserved: { block: 1 } }],
    [
      '7 but the filling country denies nothing by itself',
      'challenge',
      'block.credit_exhausted',
      { reserved: { block: 3 }, lost: { country: 90 } },
    ],
    [
      '9 country challenge',
      'challenge',
      'country.challenge',
      { policy: { countries: { NG: 'challenge' } } },
    ],
    [
      '9 and solved',
      'allow',
      'country.challenge',
      { policy: { countries: { NG: 'challenge' } }, passed: true },
    ],
    [
      '9 country hold is not answered by a challenge',
      'hold',
      'country.hold',
      { policy: { countries: { NG: 'hold' } }, passed: true },
    ],
    ['9 outside hold', 'hold', 'country.hold', { country: 'LK', policy: { outside: 'hold' } }],
    [
      'deny > hold > challenge',
      'deny',
      'block.credit_exhausted',
      { policy: { countries: { NG: 'hold' } }, lost: { block: 9 }, seen: 99 },
    ],
  ]
  it.each(rows)('%s: %s', (_, verdict, code, c) => {
    const decision = judge(c)
    expect(decision.verdict).toBe(verdict)
    if (code !== null) expect(decision.reasons.map((r) => r.code)).toContain(code)
    if (verdict === 'deny') expect(decision.reasons[0]?.verdict).toBe('deny')
    // what goes out is charged, what does not is not
    expect(decision.demand === null).toBe(verdict !== 'allow')
  })

  it('leaves no rule out: every reason is there, the strongest first', () => {
    const all = codes({
      facts: (f) => listed('deny')(number({ type: 'VOIP' })(f)),
      policy: { spendCaps: [CAP], countries: { NG: 'hold' } },
      spent: CAP.limitMicroUsd,
      lost: { block: 9, ip: 6 },
      seen: 999,
    })
    for (const code of [
      'list.denied',
      'spend.service',
      'number.type',
      'country.hold',
      'block.credit_exhausted',
      'ip.credit_exhausted',
      'ip.messages',
      'ip.numbers',
    ])
      expect(all).toContain(code)
  })

  it('says when a denial ends, and nothing where waiting does not help', () => {
    const block = judge({ lost: { block: 4 } })
    expect(block.retryAt).toBeGreaterThan(NOW + HOUR)
    const again = {
      lost: { block: (4 * PRICE * 0.5 ** (((block.retryAt ?? NOW) - NOW) / HOUR)) / PRICE },
    }
    expect(judge(again).verdict).toBe('allow')
    expect(judge({ facts: listed('deny'), lost: { block: 4 } }).retryAt).toBeNull()
    expect(judge({ policy: { spendCaps: [CAP] }, spent: CAP.limitMicroUsd }).retryAt).toBe(
      Date.UTC(2026, 10, 17),
    )
    expect(judge({ lost: { block: 2 } }).retryAt).toBeNull()
  })

  it('binds the charge by the caps that are about it, also where it is exempt', () => {
    const spendCaps = [CAP, { ...CAP, scope: 'country', country: 'GH' } as const]
    for (const exempt of [{}, { facts: listed('allow') }]) {
      const { demand } = judge({ ...exempt, policy: { spendCaps } })
      expect([...(demand?.spendCeilings ?? [])]).toEqual([
        CAP.limitMicroUsd,
        Number.POSITIVE_INFINITY,
      ])
    }
  })

  it('survives JSON, and shows no number in full', () => {
    for (const [, , , c] of rows) {
      const { demand: _, ...decision } = judge(c)
      expect(JSON.parse(JSON.stringify(decision))).toEqual(decision)
      expect(JSON.stringify(decision)).not.toContain('2348031234567')
    }
  })

  it('is the same twice: no state of its own', () => {
    for (const [, , , c] of rows) expect(judge(c)).toEqual(judge(c))
  })
})
