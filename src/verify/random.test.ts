import { expect, it } from 'vitest'
import { secureRandom } from './random.js'

it('gives the wanted number of bytes and none of them twice', () => {
  const random = secureRandom()
  const seen = new Set<string>()
  for (let i = 0; i < 5_000; i++) {
    const bytes = random(16)
    expect(bytes.length).toBe(16)
    seen.add(bytes.toString('hex'))
  }
  expect(seen.size).toBe(5_000)
  expect(random(20_000).length).toBe(20_000)
})

it('gives bytes that later calls do not change', () => {
  const random = secureRandom()
  const first = random(32)
  const copy = Buffer.from(first)
  for (let i = 0; i < 1_000; i++) random(32)
  expect(first.equals(copy)).toBe(true)
})
