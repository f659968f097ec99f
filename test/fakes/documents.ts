import type { ConsoleStore, DocumentRow } from '../../src/ledger/console-port.js'

type Documents = Pick<ConsoleStore, 'document' | 'documents' | 'putDocument' | 'removeDocument'>

/** Documents in memory, copied in and out as a store would, that can be told to fail. */
export function memoryDocuments(): Documents & { rows: Map<string, DocumentRow>; fails: boolean } {
  const rows = new Map<string, DocumentRow>()
  const place = (kind: string, id: string): string => `${kind}/${id}`
  const store = {
    rows,
    fails: false,
    async document(kind: string, id: string) {
      check()
      return structuredClone(rows.get(place(kind, id)) ?? null)
    },
    async documents({ kind, parent, from, to, limit, before }) {
      check()
      return [...rows.values()]
        .filter((row) => row.kind === kind && (parent === undefined || row.parent === parent))
        .filter(({ at }) => (from === undefined || at >= from) && (to === undefined || at < to))
        .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
        .filter(
          (row) =>
            before === undefined ||
            row.at < before.at ||
            (row.at === before.at && row.id < before.id),
        )
        .slice(0, limit)
        .map((row) => structuredClone(row))
    },
    async putDocument(row, expected) {
      check()
      const version = rows.get(place(row.kind, row.id))?.version ?? 0
      if (expected !== undefined && expected !== version) return false
      rows.set(place(row.kind, row.id), structuredClone({ ...row, version: version + 1 }))
      return true
    },
    async removeDocument(kind: string, id: string) {
      check()
      return rows.delete(place(kind, id))
    },
  } satisfies Documents & { rows: typeof rows; fails: boolean }
  const check = (): void => {
    if (store.fails) throw new Error('the store is gone')
  }
  return store
}
