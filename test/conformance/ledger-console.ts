import { afterEach, beforeEach, describe } from 'vitest'
import type { Ledger } from '../../src/ledger/port.js'
import { ledgerDocuments } from './ledger-documents.js'
import { T0 } from './ledger-rows.js'

/**
 * What the console reads of every ledger: roll-ups, documents, the search of decisions.
 * @param open a new, empty ledger that tells the time by the given clock
 */
export function consoleConformance(
  name: string,
  open: (clock: () => number) => Promise<Ledger>,
): void {
  describe(`console store: ${name}`, () => {
    const clock = { now: T0 }
    let opened: Ledger
    const ledger = () => opened
    beforeEach(async () => {
      clock.now = T0
      opened = await open(() => clock.now)
    })
    afterEach(() => opened.close())

    ledgerDocuments(ledger, clock)
  })
}
