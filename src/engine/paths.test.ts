import { describe, expect, it } from 'vitest'
import { type Case, judge, KNOWN, listed, NOW, number, PRICE } from '../../test/scenarios/judge.js'
import { LINE_INDEX } from './compile.js'
import type { Facts } from './facts.js'
import type { LineName } from './policy.js'
import { NO_SENSE, type Sense } from './sense.js'
import { DAY, MINUTE } from './units.js'

describe('resends', () => {
  const session = { sessionAt: NOW - MINUTE }
  const costOf = (c: Case, name: LineName): number => judge(c).demand?.costs[LINE_INDEX[name]] ?? -1

  it('are free for the ranges twice a session, and charged to all else', () => {
    for (const owed of [1, 2]) {
      const c = { state: session, reserved: { number: owed } }
      expect([
        costOf(c, 'block'),
        costOf(c, 'operator'),
        costOf(c, 'country'),
        costOf(c, 'ip'),
      ]).toEqual([0, 0, PRICE, 1])
    }
    expect(costOf({ state: session, lost: { number: 2.75 }, passed: true }, 'block')).toBe(PRICE)
  })

  it('are charged to the ranges at once with the first: it may be refused yet', () => {
    const reserved = { number: 1 }
    const opened = (ms: number) => ({ state: { sessionAt: NOW - ms }, reserved })
    expect([0, 999, 1_999, 2_000].map((ms) => costOf(opened(ms), 'block'))).toEqual([
      PRICE,
      PRICE,
      PRICE,
      0,
    ])
  })

  it('do not go into a range that is closed', () => {
    expect(judge({ state: session, reserved: { number: 1, block: 3 } }).verdict).toBe('allow')
    expect(judge({ state: session, reserved: { number: 1, block: 4 }, passed: true }).verdict).toBe(
      'deny',
    )
  })
})

describe('the known-good path', () => {
  const closed = { country: 900, block: 90, number: 90, ip: 90 }

  it('a stranger who fills the number cannot lock out its owner on his own device', () => {
    const owner = judge({ state: KNOWN, lost: closed })
    expect([owner.verdict, owner.knownGood]).toEqual(['allow', true])
  })

  it('one farmed verification is no licence: device and account pay', () => {
    expect(judge({ state: KNOWN, lost: { ...closed, device: 3 } }).verdict).toBe('deny')
    const account = (f: Facts): Facts => ({ ...f, context: { ...f.context, accountId: 'a1' } })
    expect(judge({ state: KNOWN, facts: account, lost: { ...closed, account: 3 } }).verdict).toBe(
      'deny',
    )
  })

  it('from elsewhere the number has three unverified messages of its own', () => {
    const away = { verifiedAt: NOW - DAY, sourceKnown: false }
    expect(judge({ state: away, lost: { country: 900, number: 2 } }).verdict).toBe('allow')
    expect(judge({ state: away, lost: { country: 900, number: 2.1 } }).verdict).toBe('deny')
  })

  it('ends after ninety days', () => {
    const old = { verifiedAt: NOW - 90 * DAY - 1, sourceKnown: true }
    expect(judge({ state: old, lost: { country: 900 } }).knownGood).toBe(false)
  })
})

describe('monitor mode', () => {
  it('enforces nothing but what cannot be sent at all, and says what it would', () => {
    const monitor = { mode: 'monitor' as const }
    const denied = judge({ policy: monitor, lost: { block: 9 } })
    expect([denied.verdict, denied.would, denied.demand]).toEqual(['allow', 'deny', null])
    const challenged = judge({ policy: monitor, lost: { block: 2 } })
    expect([challenged.verdict, challenged.would]).toEqual(['allow', 'challenge'])
    // charged as if it had been solved
    expect(challenged.demand).toEqual(judge({ lost: { block: 2 }, passed: true }).demand)
    expect(judge({ policy: monitor, facts: number({ problem: 'invalid' }) }).verdict).toBe('deny')
  })
})

describe('the charge', () => {
  it('stands only while the headroom it was decided on does', () => {
    const { costs, ceilings } = judge({ reserved: { device: 1 } }).demand ?? {}
    const device = LINE_INDEX.device
    expect(costs?.[device]).toBe(1)
    expect(ceilings?.[device]).toBe(3)
    expect(judge({ reserved: { device: 3 }, passed: true }).demand?.ceilings[device]).toBe(6)
    // a line that is exempt or already over did not carry the verdict
    expect(judge({ facts: listed('allow') }).demand?.ceilings[device]).toBe(
      Number.POSITIVE_INFINITY,
    )
  })

  it('carries the score of the signals, which asks for a challenge sooner the fuller the lines are', () => {
    const evidence = {
      code: 'block.sequential',
      group: 'range' as const,
      logOdds: 3,
      observed: 9,
      expected: 1,
      windowMs: null,
    }
    const sense = (p: number): Sense => ({
      ...NO_SENSE,
      weighed: { score: Math.round(100 * p), p, raw: 0, evidence: [evidence], present: [] },
    })
    const idle = judge({ sense: sense(0.7) })
    expect([idle.verdict, idle.score, idle.evidence]).toEqual(['allow', 70, [evidence]])
    expect(judge({ sense: sense(0.95) }).reasons).toMatchObject([
      {
        code: 'risk.high',
        verdict: 'challenge',
        subject: 'block.sequential',
        observed: 95,
        limit: 90,
      },
    ])
    // 1.25 of the device's three messages are owed and one is asked: three quarters full, half the way to 50
    const filled = judge({ sense: sense(0.75), lost: { device: 1.25 } })
    expect(filled.reasons).toMatchObject([{ code: 'risk.high', limit: 70 }])
    expect(judge({ sense: sense(0.69), lost: { device: 1.25 } }).verdict).toBe('allow')
  })

  it('asks for a challenge at what the detector suspects, and refuses only what is in quarantine', () => {
    const facing = (part: Partial<Sense['facing']>): Sense => ({
      ...NO_SENSE,
      facing: { ...NO_SENSE.facing, ...part },
    })
    const codes = (part: Partial<Sense['facing']>) => {
      const { verdict, reasons } = judge({ sense: facing(part) })
      return [verdict, ...reasons.map(({ code }) => code)]
    }
    expect(codes({ tightened: 2.9, surprise: 3.9 })).toEqual(['allow'])
    expect(codes({ tightened: 3 })).toEqual(['challenge', 'range.overdue'])
    expect(codes({ surprise: 4 })).toEqual(['challenge', 'block.surprise'])
    expect(codes({ tightened: 4, outage: true })).toEqual(['allow'])
    expect(codes({ quarantinedUntil: NOW + 1 })).toEqual(['deny', 'range.quarantined'])
    expect(codes({ quarantinedUntil: NOW })).toEqual(['allow'])
    expect(codes({ evidence: 9 })).toEqual(['allow'])
    expect(codes({ evidence: 1.9, elevated: true })).toEqual(['allow'])
    expect(codes({ evidence: 2, elevated: true })).toEqual(['deny', 'block.attacked'])
    expect(codes({ evidence: 9, elevated: true, outage: true })).toEqual(['allow'])
    const weighed = { ...NO_SENSE.weighed, score: 40, p: 0.4 }
    expect(
      judge({ sense: { ...facing({ elevated: true }), learned: true, weighed } }).reasons,
    ).toMatchObject([{ code: 'range.attacked', observed: 40, limit: 30, unit: 'score' }])
  })
})
