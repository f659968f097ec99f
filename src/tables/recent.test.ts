import { describe, expect, test } from 'vitest'
import { Recent } from './recent.js'

describe('Recent', () => {
  test('never holds more than its capacity, whatever is put in', () => {
    const recent = new Recent<number>(10)
    for (let i = 0; i < 1_000; i++) {
      recent.set(`${i}`, i)
      expect(recent.size).toBeLessThanOrEqual(10)
    }
    expect(recent.get('999')).toBe(999)
    expect(recent.get('0')).toBeUndefined()
  })

  test('keeps what is asked for through a flood of keys seen once', () => {
    const recent = new Recent<string>(10)
    recent.set('kept', 'yes')
    for (let i = 0; i < 1_000; i++) {
      recent.set(`flood ${i}`, 'no')
      expect(recent.get('kept')).toBe('yes')
    }
  })

  test('a value put in again replaces the first', () => {
    const recent = new Recent<string>(4)
    recent.set('a', 'first')
    recent.set('b', '')
    recent.set('c', '')
    recent.set('a', 'second')
    expect(recent.get('a')).toBe('second')
    recent.set('d', '')
    recent.set('e', '')
    expect(recent.get('a')).not.toBe('first')
  })

  test.each([0, 1, 1.5, Number.NaN, -2])('a capacity of %s is a mistake', (capacity) => {
    expect(() => new Recent(capacity)).toThrow(/at least 2/)
  })
})
