import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clearNumbers, hashedNumbers } from './numbers.js'

const KEY = Buffer.alloc(32, 9)
const numbers = hashedNumbers(KEY)
const e164 = fc.stringMatching(/^\+[1-9][0-9]{6,14}$/)

describe('numbers kept as hashes', () => {
  test('a number has one form, different from every other, and hashing twice is hashing once', () => {
    fc.assert(
      fc.property(e164, e164, (a, b) => {
        const key = numbers.numberKey(a)
        expect(numbers.numberKey(key)).toBe(key)
        expect(numbers.numberKey(b) === key).toBe(a === b)
        expect(hashedNumbers(KEY).numberKey(a)).toBe(key)
        expect(hashedNumbers(Buffer.alloc(32, 8)).numberKey(a)).not.toBe(key)
      }),
      { seed: 1 },
    )
  })

  test('a sealed number opens in its own row, and nowhere else', () => {
    fc.assert(
      fc.property(e164, fc.string({ minLength: 1 }), (number, id) => {
        const sealed = numbers.seal(number, id)
        expect(numbers.open(sealed, id)).toBe(number)
        expect(numbers.seal(number, id)).not.toBe(sealed)
        expect(() => numbers.open(sealed, `${id}x`)).toThrow(/does not open/)
      }),
      { seed: 1, numRuns: 50 },
    )
  })

  test('a sealed number that was altered anywhere does not open', () => {
    const sealed = numbers.seal('+2348031234567', 'v1')
    const bytes = Buffer.from(sealed.slice(3), 'base64url')
    for (let i = 0; i < bytes.length; i++) {
      const altered = Buffer.from(bytes)
      altered[i] = (altered[i] ?? 0) ^ 1
      expect(() => numbers.open(`s1:${altered.toString('base64url')}`, 'v1')).toThrow(/altered/)
    }
    expect(() => numbers.open('+2348031234567', 'v1')).toThrow(/altered/)
    expect(() => numbers.open(sealed.slice(0, 20), 'v1')).toThrow(/altered/)
  })

  test('nothing stays nothing', () => {
    expect([numbers.numberKey(''), numbers.seal('', 'v'), numbers.open('', 'v')]).toEqual([
      '',
      '',
      '',
    ])
  })

  test('a short key is refused', () => {
    expect(() => hashedNumbers(Buffer.alloc(31))).toThrow(/has 31 bytes, at least 32/)
  })

  test('in clear everything is itself', () => {
    const clear = clearNumbers()
    expect([clear.numberKey('+1'), clear.seal('+1', 'v'), clear.open('+1', 'v')]).toEqual([
      '+1',
      '+1',
      '+1',
    ])
  })
})
