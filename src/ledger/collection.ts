import type { ConsoleStore, DocumentFilter } from './console-port.js'

export interface Kept<T> {
  id: string
  parent: string
  at: number
  expiresAt: number | null
  version: number
  value: T
}

/** Documents of one kind as values of one type. `T` is written as JSON and read back as it is: keep readers tolerant. */
export function collection<T>(
  store: Pick<ConsoleStore, 'document' | 'documents' | 'putDocument' | 'removeDocument'>,
  kind: string,
) {
  const kept = ({
    body,
    ...row
  }: {
    id: string
    parent: string
    at: number
    expiresAt: number | null
    version: number
    body: unknown
  }): Kept<T> => ({
    id: row.id,
    parent: row.parent,
    at: row.at,
    expiresAt: row.expiresAt,
    version: row.version,
    value: body as T,
  })

  return {
    async get(id: string): Promise<Kept<T> | null> {
      const row = await store.document(kind, id)
      return row === null ? null : kept(row)
    },
    async list(filter: Omit<DocumentFilter, 'kind'>): Promise<Kept<T>[]> {
      return (await store.documents({ kind, ...filter })).map(kept)
    },
    /** @param expected version that is replaced; 0: must be new. @returns false when somebody else was faster */
    put(
      row: { id: string; at: number; value: T; parent?: string; expiresAt?: number | null },
      expected?: number,
    ): Promise<boolean> {
      const { id, at, value, parent = '', expiresAt = null } = row
      return store.putDocument({ kind, id, parent, at, expiresAt, body: value }, expected)
    },
    remove: (id: string): Promise<boolean> => store.removeDocument(kind, id),
    /** Reads, changes and writes until nobody was faster. @returns the new value; `null` when there is none of the id */
    async update(id: string, change: (value: T) => T): Promise<T | null> {
      for (;;) {
        const row = await store.document(kind, id)
        if (row === null) return null
        const value = change(row.body as T)
        const { version, ...rest } = row
        if (await store.putDocument({ ...rest, body: value }, version)) return value
      }
    },
  }
}

export type Collection<T> = ReturnType<typeof collection<T>>
