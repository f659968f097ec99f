import type { Ledger } from '../../ledger/port.js'
import type { ActionRow } from '../../ledger/rows.js'

/** Writes what was done into the audit log. Resolves when it is durable. Never a secret, a link or a code. */
export type Recorder = (action: Omit<ActionRow, 'at'>) => Promise<void>

export const recorder =
  (ledger: Pick<Ledger, 'append' | 'commit'>, clock: () => number): Recorder =>
  async (action) => {
    ledger.append([{ table: 'actions', row: { at: clock(), ...action } }])
    await ledger.commit()
  }
