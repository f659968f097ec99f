import { describe, expect, it } from 'vitest'
import { type Case, judge, KNOWN, listed, NOW, number, PRICE } from '../../test/scenarios/judge.js'
import { LINE_INDEX } from './compile.js'
import type { Facts } from './facts.js'
import type { LineName } from './policy.js'
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

  it('scores by the conversion of the worst line', () => {
    expect(judge({}).score).toBe(0)
    expect(judge({ earned: { block: 70 }, lost: { block: 30 } }).score).toBe(0)
    expect(judge({ lost: { block: 180 } }).score).toBe(90)
  })
})
