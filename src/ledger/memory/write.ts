import type { Append } from '../port.js'
import type { ActionRow } from '../rows.js'
import type { Stored } from '../schema.js'
import { actions as actionCodec } from '../tables.js'
import type { Log } from './log.js'
import type { Outcomes } from './outcomes.js'
import type { Requests } from './requests.js'
import type { Room } from './room.js'
import type { Sends } from './sends.js'
import type { Verifications } from './verifications.js'

export interface Tables {
  requests: Requests
  verifications: Verifications
  sends: Sends
  outcomes: Outcomes
  actions: Log<Stored<ActionRow>>
  /** bounds of those tables that have one of their own; sends and receipts go with their request */
  rooms: Partial<Record<Append['table'], Pick<Room<unknown>, 'admit'>>>
}

/**
 * Writes all rows or none: each is read and checked before the first is kept. Rows are kept as they are now, as text
 * and numbers; the caller may change its objects later.
 */
export function writeAll(tables: Tables, rows: readonly Append[]): void {
  const { requests, verifications, sends, outcomes, actions } = tables
  const ids = new Set<string>()
  const unique = (table: string, id: string, taken: boolean) => {
    const name = `${table} ${id}`
    if (taken || ids.has(name))
      throw new Error(`the ledger refuses ${name}: there is one of this id already`)
    ids.add(name)
  }
  const prepare = (append: Append): (() => void) => {
    switch (append.table) {
      case 'requests': {
        unique('requests', append.row.id, requests.has(append.row.id))
        const stored = requests.encode(append.row)
        return () => requests.insert(stored)
      }
      case 'verifications': {
        unique('verifications', append.row.id, verifications.has(append.row.id))
        const stored = verifications.encode(append.row)
        return () => verifications.insert(stored)
      }
      case 'sends': {
        unique('sends', append.row.id, sends.has(append.row.id))
        const stored = sends.encode(append.row)
        return () => sends.insert(stored)
      }
      case 'outcomes': {
        const stored = outcomes.encode(append.row)
        return () => outcomes.insert(stored)
      }
      case 'receipts': {
        const { sendId } = append.row
        return () => sends.receipt(sendId)
      }
      case 'actions': {
        const stored = actionCodec.write(append.row)
        return () => void actions.push(stored)
      }
      case 'numbers':
        // nothing is at rest here
        return () => undefined
    }
  }
  const writes = rows.map(prepare)
  for (const [table, room] of Object.entries(tables.rooms))
    room.admit(rows.filter((append) => append.table === table).length)
  for (const write of writes) write()
}
