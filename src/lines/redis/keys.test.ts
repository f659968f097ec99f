import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSameName, Keys, keyText, type Name, nameOf, writeName } from './keys.js'

const half = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })
const name: fc.Arbitrary<Name> = fc.record({
  tag: fc.integer({ min: 0, max: 4_095 }),
  high: half,
  low: half,
})

test('two names are written alike only where they are the same, in 15 bytes', () => {
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(keyText('t:', a) === keyText('t:', b)).toBe(isSameName(a, b))
      expect(keyText('t:', a)).toMatch(/^t:\{[\w-]{2}\}[\w-]{11}$/)
      const out = Buffer.alloc(15)
      expect(writeName(out, 0, a)).toBe(15)
      expect(`t:${out.toString('latin1')}`).toBe(keyText('t:', a))
    }),
    { seed: 20_261_121 },
  )
})

test('the keys of a script are each there once, those that share half of their name too', () => {
  const near = fc.record({ tag: fc.nat(2), high: fc.nat(2), low: fc.nat(2) })
  fc.assert(
    fc.property(fc.array(near), (names) => {
      const keys = new Keys()
      const places = names.map((one) => keys.at(one))
      for (const [i, one] of names.entries()) {
        expect(keys.names[places[i] as number]).toEqual(one)
        expect(keys.at(one)).toBe(places[i])
      }
      expect(new Set(keys.names.map((one) => keyText('', one))).size).toBe(keys.names.length)
    }),
    { seed: 20_261_121 },
  )
})

test('what stays together shares a slot of a cluster, and a salt changes only the name', () => {
  const SEED = 7
  const block = nameOf(1, '+23480312', SEED)
  expect(nameOf(0, '+234803123', SEED).tag).toBe(block.tag)
  const salted = nameOf(1, '+23480312', SEED, 3)
  expect(salted.tag).toBe(block.tag)
  expect(isSameName(salted, block)).toBe(false)
})
