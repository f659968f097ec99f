import type { Ledger } from '../ledger/port.js'

/** The operators' entries that are in force, as the engine takes them. @param now Unix ms */
export async function operatorLists(
  ledger: Pick<Ledger, 'listEntries'>,
  now: number,
): Promise<{ allow: string[]; deny: string[] }> {
  const rows = await ledger.listEntries(now)
  const of = (list: 'allow' | 'deny') =>
    rows.filter((row) => row.list === list).map((row) => row.entry)
  return { allow: of('allow'), deny: of('deny') }
}
