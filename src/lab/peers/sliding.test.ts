import { describe, expect, it } from 'vitest'
import { createEventLog, createTally, Fading } from './sliding.js'

describe('an event log', () => {
  it('lets an event leave exactly one window after it came', () => {
    const log = createEventLog(1_000, 5)
    log.add('a', 0)
    log.add('a', 600)
    expect(log.count('a', 999)).toBe(2)
    expect(log.count('a', 1_000)).toBe(1)
    expect(log.count('a', 1_600)).toBe(0)
    expect(log.count('b', 600)).toBe(0)
  })

  it('agrees with a plain list, whatever the gaps', () => {
    const log = createEventLog(100, 7)
    const times: number[] = []
    for (let i = 0, now = 0; i < 500; i++) {
      now += (i * 37) % 41
      const seen = times.filter((t) => t > now - 100).length
      expect(log.count('a', now)).toBe(Math.min(7, seen))
      log.add('a', now)
      times.push(now)
    }
  })
})

describe('a tally', () => {
  it('counts the slots that its window touches and forgets the others', () => {
    const tally = createTally(1_000, 10)
    for (let at = 0; at < 5_000; at += 10) {
      tally.add('a', at)
      const all = Math.floor(at / 10) + 1
      expect(tally.count('a', at)).toBeGreaterThanOrEqual(Math.min(all, 100))
      expect(tally.count('a', at)).toBeLessThanOrEqual(Math.min(all, 110))
    }
    expect(tally.count('a', 6_200)).toBe(0)
  })
})

describe('fading values', () => {
  it('outlive a window of quiet by another at most', () => {
    const values = new Fading<number>(1_000)
    values.set('a', 1, 0)
    expect(values.get('b', 1_500)).toBeUndefined()
    expect(values.get('a', 1_600)).toBe(1)
    expect(values.get('b', 2_600)).toBeUndefined()
    expect(values.get('b', 3_700)).toBeUndefined()
    expect(values.get('a', 3_800)).toBeUndefined()
  })

  it('keep to their bound under a flood of keys', () => {
    const values = new Fading<number>(1_000_000, 10)
    for (let i = 0; i < 100; i++) {
      values.set(`k${i}`, i, i)
    }
    const kept = Array.from({ length: 100 }, (_, i) => values.get(`k${i}`, 100)).filter(
      (v) => v !== undefined,
    )
    expect(kept.length).toBeLessThanOrEqual(20)
    expect(values.get('k99', 100)).toBe(99)
  })
})
