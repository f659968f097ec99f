import { describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/ledger/port.js'

/** Work that one of several does. Whoever waits for a lease to end polls: its clock is the ledger's own. @param open two ledgers on one store, or the same twice */
export function ledgerLeases(open: () => { one: Ledger; other: Ledger }): void {
  const LONG_MS = 60_000

  describe('leases', () => {
    test('have one holder, who renews and gives up; names are apart', async () => {
      const { one, other } = open()
      expect(await one.lease('roll-up', 'a', LONG_MS)).toBe(true)
      expect(await other.lease('roll-up', 'b', LONG_MS)).toBe(false)
      expect(await one.lease('roll-up', 'a', LONG_MS)).toBe(true)
      expect(await other.lease('alerts', 'b', LONG_MS)).toBe(true)
      await other.releaseLease('roll-up', 'b')
      expect(await other.lease('roll-up', 'b', LONG_MS)).toBe(false)
      await one.releaseLease('roll-up', 'a')
      expect(await other.lease('roll-up', 'b', LONG_MS)).toBe(true)
      expect(await one.lease('roll-up', 'a', LONG_MS)).toBe(false)
    })

    test('of all who ask at once one gets it', async () => {
      const { one, other } = open()
      const asked = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          (i % 2 === 0 ? one : other).lease('report', `gateway ${i}`, LONG_MS),
        ),
      )
      expect(asked.filter((taken) => taken)).toHaveLength(1)
    })
  })
}
