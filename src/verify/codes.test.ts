import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addCode, codeMatches, drawCode, hashCode, isCode, takeBackCode } from './codes.js'

const secret = Buffer.alloc(32, 7)

/** Hands out the given 48-bit values, one a call. */
const bytesOf = (values: number[]) => {
  const queue = [...values]
  return (n: number): Buffer => {
    const b = Buffer.alloc(n)
    b.writeUIntBE(queue.shift() ?? 0, 0, n)
    return b
  }
}

describe('codes', () => {
  it('are decimal, of the wanted length, with leading zeros kept', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 10 }), fc.nat({ max: 2 ** 31 }), (digits, value) => {
        const code = drawCode(digits, bytesOf([value]))
        expect(code).toMatch(new RegExp(`^[0-9]{${digits}}$`))
        expect(Number(code)).toBe(value % 10 ** digits)
      }),
      { seed: 1 },
    )
  })

  it('draw again where small codes would come out more often than large ones', () => {
    const over = Math.floor(2 ** 48 / 1e6) * 1e6
    expect(drawCode(6, bytesOf([over, over + 5, 42]))).toBe('000042')
  })

  it('are kept as HMACs that differ between verifications and secrets', () => {
    const kept = hashCode(secret, 'ver_a', '123456')
    expect(kept).not.toContain('123456')
    expect(hashCode(secret, 'ver_b', '123456')).not.toBe(kept)
    expect(hashCode(Buffer.alloc(32, 8), 'ver_a', '123456')).not.toBe(kept)
  })

  it('match the newest two and no older one', () => {
    const hashes = ['111111', '222222', '333333'].map((c) => hashCode(secret, 'v', c))
    const kept = hashes.reduce<string | null>((all, h) => addCode(all, h), null)
    expect(hashes.map((h) => codeMatches(kept, h))).toEqual([false, true, true])
    expect(codeMatches(null, hashes[2] ?? '')).toBe(false)
    expect(codeMatches(kept, 'short')).toBe(false)
  })

  it('that never left make room again for those before, unless they are the same', () => {
    expect(takeBackCode('c,b', 'c', 'b,a')).toBe('b,a')
    expect(takeBackCode('d,c', 'c', 'b,a')).toBe('d,b')
    expect(takeBackCode('a,a', 'a', 'a')).toBe('a')
    expect(takeBackCode('a', 'a', null)).toBeNull()
  })

  it('of a caller are 4 to 10 ASCII digits', () => {
    const good = ['1234', '0000000000']
    const bad = ['', '123', '12345678901', '12a4', '１２３４', ' 1234', '1234\n']
    expect(good.every(isCode)).toBe(true)
    expect(bad.some(isCode)).toBe(false)
  })
})
