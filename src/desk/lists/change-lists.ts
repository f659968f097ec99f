import { maskEntry } from '../../engine/mask.js'
import type { Ledger } from '../../ledger/port.js'
import type { ListRow } from '../../ledger/rows.js'
import { operatorLists } from '../../verify/operator-lists.js'
import type { Gate } from '../../verify/types.js'

type Parts = Pick<{ gate: Gate; ledger: Ledger; clock: () => number }, 'gate' | 'ledger' | 'clock'>

/** Hands the operators' lists to the gate, after they have changed. */
export async function refreshLists({ gate, ledger, clock }: Parts): Promise<void> {
  gate.setLists(await operatorLists(ledger, clock()))
}

/** The same, called now and then: for entries that ended, and for what others have changed. Reads them only then. */
export function followLists(parts: Parts): () => Promise<void> {
  const { ledger, clock } = parts
  let known: string | null = null
  return async () => {
    const mark = await ledger.listsMark(clock())
    if (mark === known) return
    await refreshLists(parts)
    known = mark
  }
}

/** Entries that the audit log names of a change to many. */
const NAMED = 20

export type ListAction = 'list.add' | 'list.remove' | 'list.expire' | 'list.undo'

/** The one way in which the operators' lists change: written, put in force, and told in the audit log. */
export function createListChanges(parts: Parts) {
  const { ledger, clock } = parts

  /** One action for one entry; one for many together. */
  async function record(
    actor: string,
    action: ListAction,
    list: string,
    entries: readonly string[],
  ): Promise<void> {
    const [first] = entries
    if (first === undefined) return
    const many = entries.length > 1
    const row = {
      at: clock(),
      actor,
      action,
      target: many ? `${list}: ${entries.length} entries` : `${list}:${maskEntry(first)}`,
      detail: many ? { entries: entries.slice(0, NAMED).map(maskEntry) } : null,
    }
    await ledger.commit([{ table: 'actions', row }])
  }

  return {
    record,
    /** Adds entries of one list, or changes when they end. */
    async put(actor: string, rows: readonly ListRow[], action: ListAction = 'list.add') {
      for (const row of rows) await ledger.putListEntry(row)
      const [first] = rows
      if (first === undefined) return
      await record(
        actor,
        action,
        first.list,
        rows.map(({ entry }) => entry),
      )
      await refreshLists(parts)
    },
    /** @returns those that were there */
    async remove(
      actor: string,
      list: ListRow['list'],
      entries: readonly string[],
      action: ListAction = 'list.remove',
    ): Promise<string[]> {
      const removed: string[] = []
      for (const entry of entries)
        if (await ledger.removeListEntry(list, entry)) removed.push(entry)
      await record(actor, action, list, removed)
      if (removed.length > 0) await refreshLists(parts)
      return removed
    },
  }
}
