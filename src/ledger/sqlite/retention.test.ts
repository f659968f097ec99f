import { expect, test } from 'vitest'
import { aRequest, T0 } from '../../../test/conformance/ledger-rows.js'
import { openSqliteLedger } from './open.js'

test('between two steps of a retention others have more than one turn, while they are busy', async () => {
  const ledger = await openSqliteLedger({ file: ':memory:', numbers: 'clear' })
  // six steps of 500, and the newest, which stays
  ledger.append(
    Array.from({ length: 3_001 }, (_, i) => ({
      table: 'requests' as const,
      row: aRequest(`r${i}`, { at: T0 + i }),
    })),
  )
  await ledger.commit()
  let turns = 0
  const busy = () => {
    const until = performance.now() + 1
    while (performance.now() < until);
    turns++
    timer = setImmediate(busy)
  }
  let timer = setImmediate(busy)
  const deleted = await ledger.retain({ requests: 0, verifications: 0 }, T0 + 10_000)
  clearImmediate(timer)
  expect(deleted.requests).toBe(3_000)
  expect(turns).toBeGreaterThanOrEqual(2 * 6)
  await ledger.close()
})
