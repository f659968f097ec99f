import { expect, test } from 'vitest'
import { processLeases } from './leases.js'

test('a lease ends by itself; renewing moves its end', async () => {
  let now = 0
  const { lease } = processLeases(() => now)
  expect(await lease('roll-up', 'a', 100)).toBe(true)
  now = 99
  expect(await lease('roll-up', 'b', 100)).toBe(false)
  expect(await lease('roll-up', 'a', 100)).toBe(true)
  now = 198
  expect(await lease('roll-up', 'b', 100)).toBe(false)
  now = 199
  expect(await lease('roll-up', 'b', 100)).toBe(true)
  expect(await lease('roll-up', 'a', 100)).toBe(false)
})
