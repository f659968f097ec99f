import type { ListRow } from '../ledger/rows.js'
import type { Wiring } from './wiring.js'

/** Hands the operators' lists to the gate, after they have changed. */
export async function refreshLists({
  gate,
  ledger,
  clock,
}: Pick<Wiring, 'gate' | 'ledger' | 'clock'>): Promise<void> {
  const rows = await ledger.listEntries(clock())
  const of = (list: ListRow['list']) =>
    rows.filter((row) => row.list === list).map((row) => row.entry)
  gate.setLists({ allow: of('allow'), deny: of('deny') })
}
