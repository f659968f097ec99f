import { describe, expect, it } from 'vitest'
import { address, asking, nigerian } from '../../../test/fakes/asked-rows.js'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import { createAuthgearBudgets } from './authgear-budgets.js'
import { createLeakyBuckets } from './leaky-bucket.js'

const BY_COUNTRY_HOUR = 'SMS__UNVERIFIED_OTPS__BY_PHONE_COUNTRY__HOURLY_THRESHOLD_EXCEEDED'
const BY_COUNTRY_DAY = 'SMS__UNVERIFIED_OTPS__BY_PHONE_COUNTRY__DAILY_THRESHOLD_EXCEEDED'
const stranger = (i: number) => ({ to: nigerian(i), ip: address(i) })

describe('a leaky bucket', () => {
  it('runs over past its threshold, empties in one period and drains by what is verified', () => {
    const buckets = createLeakyBuckets(1_000)
    expect([1, 2, 3, 4].map(() => buckets.pour('a', 1, 3, 0))).toEqual([false, false, false, true])
    expect(buckets.pour('a', -1, 3, 0)).toBe(false)
    expect(buckets.pour('a', 1, 3, 0)).toBe(false)
    expect(buckets.pour('a', 1, 3, 0)).toBe(true)
    expect([1, 2, 3].map(() => buckets.pour('a', 1, 3, 1_000))).toEqual([false, false, false])
  })
})

it('gives a cold country 3 unverified an hour and 20 a day', () => {
  const { many, ask } = asking(createAuthgearBudgets())
  expect(many(4, 0, stranger)).toEqual(['allow', 'allow', 'allow', 'deny'])
  expect(ask(10, stranger(9)).reasons).toEqual([BY_COUNTRY_HOUR])
  const slow = asking(createAuthgearBudgets())
  const reasons = new Set<string>()
  let sent = 0
  // one every 20 minutes is what the hour lets through. The day's bucket gains 1 and leaks 20/72 each time: the 28th
  // runs over, and as refused requests fill it too it stays full
  for (let i = 0; i < 72; i++) {
    const verdict = slow.ask(i * 20 * MINUTE + 1, stranger(i))
    if (verdict.verdict === 'allow') sent++
    for (const reason of verdict.reasons) reasons.add(reason)
  }
  expect(reasons).toEqual(new Set([BY_COUNTRY_DAY]))
  expect(sent).toBe(27)
})

it('drains one unit a verification, and lets verified numbers pass', () => {
  const { ask, verified, many } = asking(createAuthgearBudgets())
  for (let i = 0; i < 30; i++) {
    expect(ask(i * MINUTE, stranger(i)).verdict).toBe('allow')
    verified(i * MINUTE + 1, stranger(i))
  }
  // 30 verified within the hour: 0.2 x 30 = 6 may stand open
  expect(many(8, 30 * MINUTE, (i) => stranger(100 + i)).lastIndexOf('allow')).toBe(5)
  expect(ask(30 * MINUTE + 9, { ...stranger(3), ip: address(200) }).verdict).toBe('allow')
})

it('remembers the best day of fourteen', () => {
  const { verified, many } = asking(createAuthgearBudgets())
  for (let i = 0; i < 600; i++) verified(i, stranger(i))
  const allowed = (day: number) =>
    many(40, day * DAY, (i) => stranger(1_000 * day + i)).filter((v) => v === 'allow').length
  // 0.2 x 600 / 6 an hour
  expect(allowed(13)).toBe(20)
  expect(allowed(16)).toBe(3)
})

it('gives a cold address 5 an hour, and 3 countries in which it verified nothing', () => {
  const { many, ask } = asking(createAuthgearBudgets({ scale: 1 }))
  const abroad = ['+447400123456', '+33612345678', '+4915112345678', '+34612345678']
  expect(many(4, 0, (i) => ({ to: abroad[i] ?? '', ip: address(1) }))).toEqual([
    'allow',
    'allow',
    'allow',
    'deny',
  ])
  expect(ask(DAY + HOUR, { to: '+34612345678', ip: address(1) }).verdict).toBe('allow')
  const sameIp = asking(createAuthgearBudgets())
  for (let i = 0; i < 100; i++) sameIp.verified(i, stranger(1_000 + i))
  expect(
    sameIp.many(7, 1_000, (i) => ({ to: nigerian(i), ip: address(9) })).lastIndexOf('allow'),
  ).toBe(4)
})
