import { describe, expect, it } from 'vitest'
import { type Case, judge, only } from '../../../test/scenarios/judge.js'
import { LINE_INDEX } from '../compile.js'
import { DEFAULT_LINES, DEFAULT_SERVICE } from '../defaults.js'
import { LINES, type LineName, type ServicePolicy } from '../policy.js'
import type { Readings } from '../readings.js'
import { NO_SENSE, type Sense } from '../sense.js'
import { HOUR } from '../units.js'
import { answerOf, type Doubt, doubtOf, shareFor, sparedLimit } from './doubt.js'

const policyWith = (risk: Partial<ServicePolicy['risk']>): ServicePolicy => ({
  ...DEFAULT_SERVICE,
  risk: { ...DEFAULT_SERVICE.risk, ...risk },
})
/** spare below 0.1, high from 0.5 */
const usual = policyWith({ spare: 0.1, challengeWhenFull: 0.5 })

const senseOf = (p: number, learned = true): Sense => ({
  ...NO_SENSE,
  weighed: { ...NO_SENSE.weighed, p, score: Math.round(100 * p) },
  learned,
})

describe('what the signals make of a request', () => {
  it.each<[number, Doubt]>([
    [0, 'low'],
    [0.0999, 'low'],
    [0.1, 'usual'],
    [0.4999, 'usual'],
    [0.5, 'high'],
    [1, 'high'],
  ])('p %d is a doubt that is %s', (p, doubt) => {
    expect(doubtOf(senseOf(p), usual)).toBe(doubt)
  })

  it('a request nobody looked at is neither spared nor refused for its looks', () => {
    expect(doubtOf(NO_SENSE, DEFAULT_SERVICE)).toBe('usual')
    expect(shareFor(NO_SENSE, DEFAULT_SERVICE)).toBe(1)
  })

  it('nor is any before the score is calibrated', () => {
    for (const p of [0, 0.05, 0.5, 1]) {
      expect(doubtOf(senseOf(p, false), usual)).toBe('usual')
      expect(shareFor(senseOf(p, false), usual)).toBe(1)
    }
  })

  it('nobody is spared where the policy spares nobody', () => {
    expect(doubtOf(senseOf(0), policyWith({ spare: 0 }))).toBe('usual')
  })

  it.each([
    [0, 0.5, 1],
    [0.49, 0.5, 1],
    [0.5, 0.5, 1],
    [0.75, 0.5, 0.75],
    [1, 0.5, 0.5],
    [1, 0.9, 0.9],
    [1, 0.2, 0.2],
  ])('p %d where lines tighten from %d on may use %d of them', (p, challengeWhenFull, share) => {
    expect(shareFor(senseOf(p), policyWith({ challengeWhenFull }))).toBeCloseTo(share, 12)
  })

  it.each<[number, Doubt, number, number]>([
    [10, 'low', 2, 15],
    [3, 'low', 2, 5],
    [10, 'low', 1, 10],
    [10, 'low', 4, 25],
    [0, 'low', 2, 0],
    [10, 'usual', 2, 10],
    [10, 'high', 2, 10],
  ])('a limit of %d, doubt %s, hard %d: speaks from %d', (limit, doubt, hard, spared) => {
    expect(sparedLimit(limit, doubt, hard)).toBe(spared)
  })
})

describe('what a line over its limit asks for', () => {
  const zeros = (): Float64Array => new Float64Array(LINES.length)
  const readingsOf = (name: LineName, utilisation: number, closed: boolean): Readings => {
    const i = LINE_INDEX[name]
    const at = (x: number): Float64Array => zeros().fill(x, i, i + 1)
    return {
      asked: zeros(),
      cost: zeros(),
      limitFast: zeros(),
      limitSlow: zeros(),
      debtFast: zeros(),
      debtSlow: zeros(),
      closeFast: zeros(),
      closeSlow: zeros(),
      weight: zeros(),
      closed: Uint8Array.from(at(Number(closed))),
      utilisation: at(utilisation),
      narrow: Uint8Array.from(LINES, (line) => Number(DEFAULT_LINES[line].narrow)),
      wide: 0,
      binding: i,
      kappa: 0,
    }
  }
  const answer = (name: LineName, u: number, closed: boolean, doubt: Doubt) =>
    answerOf(LINE_INDEX[name], readingsOf(name, u, closed), doubt, 2)
  const DESTINATIONS = ['subBlock', 'block', 'operator', 'country', 'abroad', 'service'] as const
  const NARROW = LINES.filter((name) => DEFAULT_LINES[name].narrow)
  const WIDE = LINES.filter((name) => !DEFAULT_LINES[name].narrow)

  it('what looks like pumping is refused at the limit, on every line', () => {
    for (const name of LINES)
      for (const closed of [false, true]) expect(answer(name, 1.1, closed, 'high')).toBe('deny')
  })

  it('everybody else is challenged between the limit and the closing', () => {
    for (const name of LINES) expect(answer(name, 1.1, false, 'usual')).toBe('challenge')
  })

  it('a closed line denies, but the lines of a carrier challenge people for ever', () => {
    for (const doubt of ['low', 'usual'] as const) {
      for (const name of NARROW) expect(answer(name, 2.5, true, doubt)).toBe('deny')
      for (const name of DESTINATIONS) expect(answer(name, 2.5, true, doubt)).toBe('deny')
      expect(answer('subnet', 9, true, doubt)).toBe('deny')
      expect(answer('network', 9, true, doubt)).toBe('challenge')
    }
  })

  it('who looks like a person is left alone half way on lines he shares, and on no others', () => {
    const shared = [...WIDE, 'ip', 'device', 'account', 'session'] as const
    for (const name of shared) {
      expect(answer(name, 1.5, false, 'low')).toBeNull()
      expect(answer(name, 1.51, false, 'low')).toBe('challenge')
    }
    for (const name of ['subBlock', 'block', 'number'] as const)
      expect(answer(name, 1.1, false, 'low')).toBe('challenge')
  })

  it('a hosting network is narrow: it is closed as one payer is', () => {
    const readings = readingsOf('network', 3, true)
    readings.narrow = Uint8Array.from(LINES, () => 1)
    expect(answerOf(LINE_INDEX.network, readings, 'low', 2)).toBe('deny')
  })
})

describe('doubt in a decision', () => {
  const at = (p: number, c: Case): string => judge({ ...c, sense: senseOf(p) }).would
  const quiet = only({})
  const count = (action: 'challenge' | 'deny') =>
    only({ rateLimits: [{ subject: 'ip', windowMs: HOUR, limit: 10, action }] })
  const numbers = (per: 'ip' | 'network') =>
    only({ distinct: [{ of: 'numbers', per, windowMs: HOUR, limit: 10, action: 'challenge' }] })
  const network: Case = { facts: (f) => ({ ...f, source: { ...f.source, asn: 29_465 } }) }

  const rows: [string, Case, [low: string, usual: string, high: string]][] = [
    ['idle lines', { policy: quiet }, ['allow', 'allow', 'allow']],
    // opening 5 messages: 6 of 5, that is 1.2
    [
      'an address over its limit',
      { policy: quiet, lost: { ip: 5 } },
      ['allow', 'challenge', 'deny'],
    ],
    ['an address at its closing', { policy: quiet, lost: { ip: 12 } }, ['deny', 'deny', 'deny']],
    [
      'a block over its limit',
      { policy: quiet, lost: { block: 2 } },
      ['challenge', 'challenge', 'deny'],
    ],
    // opening 3 messages: 2 of 3, under the limit, but not for what looks like pumping
    [
      'a device two thirds full',
      { policy: quiet, lost: { device: 1.5 } },
      ['allow', 'allow', 'deny'],
    ],
    [
      'a count at its limit',
      { policy: count('challenge'), seen: 10 },
      ['allow', 'challenge', 'challenge'],
    ],
    [
      'a count at half as much again',
      { policy: count('challenge'), seen: 15 },
      ['challenge', 'challenge', 'challenge'],
    ],
    [
      'a count that denies spares nobody',
      { policy: count('deny'), seen: 10 },
      ['deny', 'deny', 'deny'],
    ],
    [
      'numbers of an address',
      { policy: numbers('ip'), seen: 12 },
      ['allow', 'challenge', 'challenge'],
    ],
    [
      'many numbers of an address',
      { policy: numbers('ip'), seen: 16 },
      ['challenge', 'challenge', 'challenge'],
    ],
    [
      'numbers of a network',
      { ...network, policy: numbers('network'), seen: 500 },
      ['allow', 'challenge', 'challenge'],
    ],
  ]
  it.each(rows)('%s', (_, c, expected) => {
    // 0.85 is under the 0.9 at which risk asks for a challenge by itself
    expect([0.05, 0.3, 0.85].map((p) => at(p, c))).toEqual(expected)
  })

  it('a solved challenge does not open a full line to what looks like pumping', () => {
    const solved: Case = {
      policy: quiet,
      lost: { ip: 5 },
      facts: (f) => ({ ...f, challengePassed: true }),
    }
    expect(at(0.3, solved)).toBe('allow')
    expect(at(0.85, solved)).toBe('deny')
  })
})
