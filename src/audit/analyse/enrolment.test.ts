import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../engine/units.js'
import { createRandom } from '../../lab/random.js'
import { createMessageLog, OUTCOME, type Outcome, STATUS } from '../message-log.js'
import { analyse } from './analyse.js'

const FROM = Date.UTC(2026, 7, 1)
const DAYS = 50
const BEGIN = FROM + 30 * DAY + 8 * HOUR

/** First number of a block of a market, of a country that is none where somebody asks on most days, and of a strange one. */
const BLOCK = { market: 234_803_123_0000, neighbour: 233_244_120_000, abroad: 998_901_230_000 }

interface Numbers {
  block: number
  count: number
  /** ms to the next one */
  gap: () => number
  /** of those whose outcome is known @default none is known */
  verified?: number
  /** outcomes are known from this day on @default 0 */
  knownFrom?: number
}

/** Fifty days of people in Nigeria and of a few in Ghana, and numbers of one block in sequence. */
function audited({ block, count, gap, verified, knownFrom = 0 }: Numbers) {
  const random = createRandom(5)
  const log = createMessageLog()
  const add = (at: number, number: number, priceMicro: number, share = 0.75) =>
    log.add({
      ...{ at, number, masked: 0, priceMicro, currency: 'USD', segments: 1 },
      ...{ status: STATUS.delivered, outcome: outcomeOf(at, share), id: '', error: '', ip: '' },
    })
  const outcomeOf = (at: number, share: number): Outcome => {
    if (verified === undefined || at < FROM + knownFrom * DAY) return OUTCOME.unknown
    return random.next() < share ? OUTCOME.verified : OUTCOME.unverified
  }
  const byDay = (day: number) => FROM + day * DAY + 7 * HOUR + random.next() * 14 * HOUR
  for (let day = 0; day < DAYS; day++) {
    for (let i = 0; i < 300; i++)
      add(byDay(day), 234_803_000_0000 + random.below(10_000_000), 50_000)
    if (random.next() < 0.75) add(byDay(day), 233_244_000_000 + random.below(1_000_000), 50_000)
  }
  for (let i = 0, at = BEGIN; i < count; i++, at += gap()) add(at, block + i, 100_000, verified)
  return analyse(log, { markets: ['NG'], currency: 'USD' })
}

/** As people hand out telephones, one after the other. */
function handedOut(meanMs: number): () => number {
  const random = createRandom(6)
  return () => random.exponential(meanMs)
}

describe('numbers of one block in sequence, without outcomes', () => {
  it.each([
    ['900, one a second, abroad', BLOCK.abroad, 900, () => SECOND],
    ['900, one a second, in a market', BLOCK.market, 900, () => SECOND],
    ['200, thirty a minute, in a market', BLOCK.market, 200, handedOut(2 * SECOND)],
    ['400 like clockwork in a market', BLOCK.market, 400, () => 54 * SECOND],
    ['400 at a pace of people, where nobody ever asked', BLOCK.abroad, 400, handedOut(MINUTE)],
  ])('%s, are an attack', (_, block, count, gap) => {
    const { fraud, incidents } = audited({ block, count, gap })
    expect(fraud.surely).toBeCloseTo(count / 10, 0)
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.onset.slice(0, 10)).toBe('2026-08-31')
  })

  it.each([
    ['400 in a market', BLOCK.market, 400, handedOut(MINUTE)],
    ['200 in forty minutes, in a market', BLOCK.market, 200, handedOut(12 * SECOND)],
    [
      '200 in forty minutes, of a country that some people use',
      BLOCK.neighbour,
      200,
      handedOut(12 * SECOND),
    ],
    ['the same by whole minutes', BLOCK.market, 200, byMinutes(12 * SECOND)],
  ])('%s, at a pace of people, are unclear', (_, block, count, gap) => {
    const { fraud, incidents } = audited({ block, count, gap })
    expect(fraud.surely + fraud.probably).toBe(0)
    expect(fraud.unclear).toBeGreaterThan(count / 20)
    expect(incidents).toEqual([])
  })
})

/** Of a log that knows no seconds. */
function byMinutes(meanMs: number): () => number {
  const gap = handedOut(meanMs)
  let exact = 0
  return () => {
    const before = Math.floor(exact / MINUTE)
    exact += gap()
    return (Math.floor(exact / MINUTE) - before) * MINUTE
  }
}

describe('numbers of one block in sequence, with outcomes', () => {
  const fast = { count: 300, gap: () => SECOND }

  it.each(['market', 'abroad'] as const)('are no attack where people verify: %s', (where) => {
    const { fraud } = audited({ ...fast, block: BLOCK[where], verified: 0.93 })
    expect(fraud.surely + fraud.probably).toBe(0)
  })

  it.each(['market', 'abroad'] as const)('are one where nobody does: %s', (where) => {
    const { fraud } = audited({ ...fast, block: BLOCK[where], verified: 0 })
    expect(fraud.surely).toBeCloseTo(30, 0)
  })

  it('which most of the log lacks, are no attack where people verify', () => {
    const { fraud } = audited({ ...fast, block: BLOCK.market, verified: 0.93, knownFrom: 30 })
    expect(fraud.surely + fraud.probably).toBe(0)
  })

  it('which most of the log lacks, are one where nobody does', () => {
    const { fraud } = audited({ ...fast, block: BLOCK.market, verified: 0, knownFrom: 30 })
    expect(fraud.surely).toBeCloseTo(30, 0)
  })
})
