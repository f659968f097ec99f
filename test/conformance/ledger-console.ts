import { afterEach, beforeEach, describe } from 'vitest'
import type { Ledger } from '../../src/ledger/port.js'
import { ledgerDocuments } from './ledger-documents.js'
import { T0 } from './ledger-rows.js'
import { ledgerSearch } from './ledger-search.js'
import { ledgerTallies, type OpenLedger } from './ledger-tallies.js'

/**
 * What the console reads of every ledger: roll-ups, documents, the search of decisions.
 * @param open a new, empty ledger that tells the time by the given clock
 */
export function consoleConformance(name: string, open: OpenLedger, numRuns?: number): void {
  describe(`console store: ${name}`, () => {
    const clock = { now: T0 }
    let opened: Ledger
    const ledger = () => opened
    beforeEach(async () => {
      clock.now = T0
      opened = (await open(() => clock.now)).ledger
    })
    afterEach(() => opened.close())

    ledgerDocuments(ledger, clock)
    ledgerSearch(ledger)
    ledgerTallies(open, numRuns)
  })
}
