import type { Ledger } from '../../ledger/port.js'
import type { Erasure } from '../../ledger/privacy-port.js'
import { type PersonalData, personalData } from './personal-data.js'

interface Parts {
  ledger: Ledger
  /** Unix ms */
  clock: () => number
}

/** What people may ask about their own number: to see it all, and to be forgotten. */
export function createPrivacy({ ledger, clock }: Parts) {
  /** That it was done, by whom, and how much it was: never whose. */
  async function record(actor: string, action: string, detail: Record<string, unknown>) {
    await ledger.commit([
      { table: 'actions', row: { at: clock(), actor, action, target: 'a number', detail } },
    ])
  }

  return {
    /** @param number E.164 */
    async export(actor: string, number: string): Promise<PersonalData> {
      const records = await ledger.privacy.recordsOf(number)
      const counts = Object.entries(records).map(([name, rows]) => [name, rows.length])
      await record(actor, 'privacy.export', Object.fromEntries(counts))
      return personalData(number, records, clock())
    },

    /**
     * Safe to be done again: for what was in flight it has to be.
     * @param number E.164 @param lists entries of the operators' lists too
     */
    async erase(actor: string, number: string, { lists }: { lists: boolean }): Promise<Erasure> {
      const erased = await ledger.privacy.erase(number, { now: clock(), lists })
      await record(actor, 'privacy.erase', { ...erased })
      return erased
    },
  }
}
