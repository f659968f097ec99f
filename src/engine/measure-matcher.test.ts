import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Case, judge, KNOWN, NOW, number, only, PRICE } from '../../test/scenarios/judge.js'
import type { Verdict } from './decision.js'
import { compileMeasures } from './measure-matcher.js'
import { ACTIONS, type Measure, TARGETS, type TargetKind } from './measures.js'
import { HOUR } from './units.js'

const KEYS: Record<TargetKind, string> = {
  range: '+234803',
  operator: 'NG/MTN',
  country: 'NG',
  service: 'signup',
  ip: '105.112.3.4',
  subnet: '105.112.3.0/24',
  network: 'AS64500',
  device: 'd1',
  account: 'a1',
}

const measure = (part: Partial<Measure> & { kind?: TargetKind; key?: string }): Measure => {
  const { kind = 'range', key = KEYS[kind], ...rest } = part
  const target = { kind, key, service: null }
  return { id: 'mea_1', action: 'block', limit: null, until: NOW + HOUR, target, ...rest }
}

const under = (measures: readonly Measure[], more: Case = {}): Case => ({
  ...more,
  facts: (plain) => {
    const facts = more.facts?.(plain) ?? plain
    const { asn } = facts.source
    const source = { ...facts.source, subnetKey: KEYS.subnet, asn: asn ?? 64500 }
    const all = { ...facts, source, context: { ...facts.context, accountId: KEYS.account } }
    return { ...all, measured: compileMeasures(measures).match(all, NOW) }
  },
})
const asked = (measures: readonly Measure[], more?: Case) => judge(under(measures, more))
const codes = (measures: readonly Measure[], more?: Case): string[] =>
  asked(measures, more).reasons.map(({ code }) => code)

describe('measures of the playbook', () => {
  it.each(TARGETS)('a blocked %s is refused, and says what and until when', (kind) => {
    expect(asked([measure({ kind })])).toMatchObject({
      verdict: 'deny',
      retryAt: NOW + HOUR,
      reasons: [{ code: 'playbook.blocked', subject: KEYS[kind], until: NOW + HOUR }],
    })
    expect(asked([measure({ kind, key: 'another' })]).verdict).toBe('allow')
  })

  it('each action has its verdict', () => {
    const verdicts = ACTIONS.map((action) => [
      action,
      asked([measure({ action, limit: 0 })], { state: { throttled: Float64Array.of(0) } }).verdict,
    ])
    expect(verdicts).toEqual([
      ['block', 'deny'],
      ['throttle', 'deny'],
      ['challenge', 'challenge'],
      ['hold', 'hold'],
      ['pause', 'deny'],
      ['allow', 'allow'],
    ])
  })

  it('one that is over does nothing, whoever has forgotten it', () => {
    expect(codes([measure({ until: NOW })])).toEqual([])
    expect(codes([measure({ until: NOW + 1 })])).toEqual(['playbook.blocked'])
  })

  it('one of a service speaks of that service alone', () => {
    const of = (service: string) => [measure({ target: { kind: 'range', key: '+234', service } })]
    expect(codes(of('signup'))).toEqual(['playbook.blocked'])
    expect(codes(of('login'))).toEqual([])
  })

  it('a throttle lets pass what is under its limit, and frees when its window slides', () => {
    const throttle = measure({ action: 'throttle', limit: 10, until: NOW + 9 * HOUR })
    const sent = (n: number) => asked([throttle], { state: { throttled: Float64Array.of(n) } })
    expect(sent(9)).toMatchObject({ verdict: 'allow', demand: { throttled: true } })
    expect(sent(10)).toMatchObject({
      verdict: 'deny',
      retryAt: NOW + HOUR,
      reasons: [{ code: 'playbook.throttled', observed: 11, limit: 10, windowMs: HOUR }],
    })
  })

  it('numbers verified before pass a blocked range, not a pause and not a blocked source', () => {
    const known: Case = { state: KNOWN }
    expect(asked([measure({})], known).verdict).toBe('allow')
    expect(asked([measure({ action: 'pause', kind: 'country' })], known).verdict).toBe('deny')
    expect(asked([measure({ kind: 'device' })], known).verdict).toBe('deny')
  })

  it('the narrowest destination decides whether an allow holds', () => {
    const allow = (key: string) => measure({ action: 'allow', key })
    const block = (key: string) => measure({ action: 'block', key })
    expect(asked([block('+234'), allow('+2348031')]).verdict).toBe('allow')
    expect(asked([allow('+234'), block('+2348031')]).verdict).toBe('deny')
    expect(asked([allow('+234'), block('+234')]).verdict).toBe('deny')
    expect(asked([measure({ action: 'allow', kind: 'ip' }), block('+234')]).verdict).toBe('allow')
  })

  it('an allow passes lines and limits, not number checks and caps', () => {
    const full: Case = { lost: { block: 100 } }
    const allow = [measure({ action: 'allow' })]
    expect(asked([], full).verdict).toBe('deny')
    expect(asked(allow, full)).toMatchObject({ verdict: 'allow', demand: { throttled: false } })
    expect(asked(allow, { facts: number({ type: 'PREMIUM_RATE' }) }).verdict).toBe('deny')
    const capped = { spendCaps: [{ scope: 'service', period: 'day', limitMicroUsd: 1 }] } as const
    expect(
      asked(allow, { policy: { ...only({}), spendCaps: [...capped.spendCaps] } }).verdict,
    ).toBe('deny')
  })

  it('a reviewer answers a hold and a challenge, and no refusal', () => {
    const reviewed: Case = { facts: (f) => ({ ...f, reviewed: true }) }
    expect(asked([measure({ action: 'hold' })], reviewed).verdict).toBe('allow')
    expect(asked([measure({ action: 'challenge' })], reviewed).verdict).toBe('allow')
    expect(asked([measure({ action: 'block' })], reviewed).verdict).toBe('deny')
  })

  it('masks a whole number', () => {
    expect(asked([measure({ key: '+2348031234567' })]).reasons[0]?.subject).toBe('+23480******67')
  })

  const RANK: Record<Verdict, number> = { allow: 0, challenge: 1, hold: 2, deny: 3 }
  const anyMeasure = fc.record({
    kind: fc.constantFrom(...TARGETS),
    key: fc.constantFrom('+2', '+23480', '+2348031234567', ...Object.values(KEYS)),
    action: fc.constantFrom(...ACTIONS),
    limit: fc.nat(3),
    until: fc.constantFrom(NOW - 1, NOW, NOW + 1, NOW + HOUR),
  })
  const anyCase: fc.Arbitrary<Case> = fc.record({
    lost: fc.record({ block: fc.nat(6), ip: fc.nat(12), country: fc.nat(400) }),
    state: fc.constantFrom({}, KNOWN),
    passed: fc.boolean(),
    policy: fc.constantFrom<NonNullable<Case['policy']>>(
      {},
      { outside: 'hold', markets: ['GH'] },
      { mode: 'monitor' },
    ),
  })

  it('whatever is ordered, a measure that is no allow never lets more through', () => {
    fc.assert(
      fc.property(fc.array(anyMeasure, { maxLength: 6 }), anyMeasure, anyCase, (some, one, c) => {
        fc.pre(one.action !== 'allow')
        const throttled = Float64Array.from([0, 1, 2, 3, 0, 1, 2])
        const at = (list: readonly Measure[]) => {
          const { would } = asked(list, { ...c, state: { ...c.state, throttled } })
          return RANK[would]
        }
        const list = some.map(measure)
        // last of its place: the counters of the throttles before it stay whose they are
        expect(at([...list, measure(one)])).toBeGreaterThanOrEqual(
          one.action === 'throttle' ? 0 : at(list),
        )
        const strict = list.filter(({ action }) => action !== 'allow')
        expect(at(strict)).toBeGreaterThanOrEqual(at([]))
      }),
      { seed: 20_261_121, numRuns: 500 },
    )
  })

  it('what passes lines pays for them all the same', () => {
    const { demand } = asked([measure({ action: 'allow' })], { lost: { block: 100 } })
    expect(demand?.priceMicroUsd).toBe(PRICE)
    expect(demand?.costs.every((cost) => cost >= 0)).toBe(true)
    expect(demand?.costs[1]).toBe(PRICE)
  })
})
