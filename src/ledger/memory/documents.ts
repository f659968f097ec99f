import type { ConsoleStore, DocumentRow } from '../console-port.js'
import { LedgerError } from '../port.js'

/** Documents in memory, as text, so that what a caller changes later stays its own. */
export class Documents
  implements Pick<ConsoleStore, 'document' | 'documents' | 'putDocument' | 'removeDocument'>
{
  readonly #rows = new Map<string, { row: DocumentRow; body: string }>()

  constructor(
    readonly capacity: number,
    readonly clock: () => number,
  ) {}

  document = async (kind: string, id: string): Promise<DocumentRow | null> =>
    this.#find(nameOf(kind, id))

  documents: ConsoleStore['documents'] = async (filter) => {
    const { kind, parent, from, to, before, limit } = filter
    return [...this.#rows.values()]
      .filter(
        ({ row }) =>
          row.kind === kind &&
          (parent === undefined || row.parent === parent) &&
          (from === undefined || row.at >= from) &&
          (to === undefined || row.at < to) &&
          (before === undefined || newestFirst(row, before) > 0) &&
          this.#inForce(row),
      )
      .sort((a, b) => newestFirst(a.row, b.row))
      .slice(0, limit)
      .map(read)
  }

  putDocument: ConsoleStore['putDocument'] = async (row, expected) => {
    const name = nameOf(row.kind, row.id)
    const stands = this.#find(name)
    if (expected !== undefined && (stands?.version ?? 0) !== expected) return false
    if (!this.#rows.has(name) && this.#rows.size >= this.capacity) {
      this.expire(this.clock())
      if (this.#rows.size >= this.capacity)
        throw new LedgerError('full', `${this.capacity} documents are kept: raise its capacity`)
    }
    const { body, ...rest } = row
    const text = JSON.stringify(body)
    this.#rows.set(name, {
      row: { ...rest, body: null, version: (this.#rows.get(name)?.row.version ?? 0) + 1 },
      body: text,
    })
    return true
  }

  removeDocument = async (kind: string, id: string): Promise<boolean> => {
    const name = nameOf(kind, id)
    const stood = this.#find(name) !== null
    this.#rows.delete(name)
    return stood
  }

  /** Those that have one of the texts in them. */
  naming(texts: readonly string[]): DocumentRow[] {
    return [...this.#rows.values()]
      .filter(({ row, body }) =>
        texts.some((text) => [row.id, row.parent, body].some((part) => part.includes(text))),
      )
      .map(read)
  }

  /** @returns how many went */
  expire(now: number): number {
    let gone = 0
    for (const [name, { row }] of this.#rows) {
      if (row.expiresAt === null || row.expiresAt > now) continue
      this.#rows.delete(name)
      gone++
    }
    return gone
  }

  #find(name: string): DocumentRow | null {
    const kept = this.#rows.get(name)
    return kept === undefined || !this.#inForce(kept.row) ? null : read(kept)
  }

  #inForce = ({ expiresAt }: DocumentRow): boolean => expiresAt === null || expiresAt > this.clock()
}

const nameOf = (kind: string, id: string): string => `${kind}\n${id}`
const read = ({ row, body }: { row: DocumentRow; body: string }): DocumentRow => ({
  ...row,
  body: JSON.parse(body) as unknown,
})

type Place = Pick<DocumentRow, 'at' | 'id'>
const newestFirst = (a: Place, b: Place): number =>
  b.at - a.at || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1)
