import type { DocumentRow } from './console-port.js'
import type { NumberBook } from './number-book.js'
import type { Append, Ledger } from './port.js'
import { sealedPrivacy } from './privacy-store.js'
import * as rows from './queries/vault.js'
import type { RequestRow, SealedNumber, VerificationRow } from './rows.js'
import { hideNumbers, keysIn, showNumbers } from './sealed-text.js'
import { FOR_GOOD, periodBefore, periodOf, WITH_ITS_DOCUMENT } from './vault.js'

/**
 * A ledger whose numbers are encrypted: everything below it keeps hashes, as where numbers are hashed; here the numbers
 * themselves go into the vault, and come back with the rows.
 */
export function sealedLedger(ledger: Ledger, book: NumberBook): Ledger {
  const { run } = book

  function withNumbers(appended: readonly Append[]): readonly Append[] {
    const sealed = new Map<string, Append>()
    for (const { table, row } of appended) {
      if (table !== 'requests' && table !== 'verifications') continue
      const period = periodOf(table === 'requests' ? row.at : row.createdAt)
      const name = `${row.number} ${period}`
      const number = sealed.has(name) ? null : book.sealed(row.number, period)
      if (number !== null) sealed.set(name, { table: 'numbers', row: number })
    }
    return sealed.size === 0 ? appended : [...sealed.values(), ...appended]
  }

  async function shownRequests<Row extends RequestRow>(found: Row[]): Promise<Row[]> {
    const numbers = await book.reveal(found.map(({ number }) => number))
    return found.map((row) => {
      const number = numbers.get(row.number)
      if (number === undefined) return row
      const reasons = row.reasons.map((reason) =>
        reason.subject === row.number ? { ...reason, subject: number } : reason,
      )
      return { ...row, number, reasons }
    })
  }

  async function shownVerifications(found: VerificationRow[]): Promise<VerificationRow[]> {
    const numbers = await book.reveal(found.map(({ number }) => number))
    return found.map((row) => {
      const number = numbers.get(row.number)
      return number === undefined ? row : { ...row, number, to: number }
    })
  }

  async function shownDocuments(found: DocumentRow[]): Promise<DocumentRow[]> {
    const texts = found.map(({ id, parent, body }) => JSON.stringify([id, parent, body]))
    const keys = texts.flatMap(keysIn)
    if (keys.length === 0) return found
    const numbers = await book.reveal(keys)
    return found.map((row, i) => {
      const [id, parent, body] = JSON.parse(showNumbers(texts[i] ?? '', numbers)) as unknown[]
      return { ...row, id: String(id), parent: String(parent), body }
    })
  }

  /** Text as it is kept, and what the vault has to take for it. */
  function hidden(text: string, period: number, into: SealedNumber[]): string {
    return hideNumbers(text, (e164) => {
      const sealed = book.sealed(e164, period)
      if (sealed === null) return e164
      into.push(sealed)
      return sealed.numberKey
    })
  }
  const keyed = (text: string): string => hideNumbers(text, book.numbers.numberKey)

  const first = <T>(found: T[]): T | null => found[0] ?? null
  const some = <T>(found: T | null): T[] => (found === null ? [] : [found])

  return {
    ...ledger,
    append: (appended) => ledger.append(withNumbers(appended)),
    commit: (appended) => ledger.commit(appended === undefined ? undefined : withNumbers(appended)),

    request: async (id) => first(await shownRequests(some(await ledger.request(id)))),
    requests: async (filter) => shownRequests(await ledger.requests(filter)),
    asked: async (filter) => {
      const found = await ledger.asked(filter)
      const numbers = await book.reveal(found.map(({ number }) => number))
      return found.map((row) => ({ ...row, number: numbers.get(row.number) ?? row.number }))
    },
    search: async (wanted) => {
      const found = await ledger.search(wanted)
      return { ...found, rows: await shownRequests(found.rows) }
    },
    verification: async (id) =>
      first(await shownVerifications(some(await ledger.verification(id)))),
    latestVerification: async (service, number, status) =>
      first(
        await shownVerifications(some(await ledger.latestVerification(service, number, status))),
      ),
    expired: async (now, limit) => shownVerifications(await ledger.expired(now, limit)),

    document: async (kind, id) =>
      first(await shownDocuments(some(await ledger.document(kind, keyed(id))))),
    documents: async ({ parent, before, ...filter }) =>
      shownDocuments(
        await ledger.documents({
          ...filter,
          ...(parent !== undefined && { parent: keyed(parent) }),
          ...(before !== undefined && { before: { ...before, id: keyed(before.id) } }),
        }),
      ),
    putDocument: async (row, expected) => {
      const sealed: SealedNumber[] = []
      const period =
        row.expiresAt !== null
          ? periodOf(row.expiresAt)
          : rows.OF_LISTS.includes(row.kind)
            ? FOR_GOOD
            : WITH_ITS_DOCUMENT
      const text = JSON.stringify([row.id, row.parent, row.body])
      const [id, parent, body] = JSON.parse(hidden(text, period, sealed)) as unknown[]
      if (sealed.length > 0) await run((db) => rows.put(db, sealed))
      return ledger.putDocument({ ...row, id: String(id), parent: String(parent), body }, expected)
    },
    removeDocument: (kind, id) => ledger.removeDocument(kind, keyed(id)),

    putListEntry: async (row) => {
      const sealed: SealedNumber[] = []
      const period = row.expiresAt === null ? FOR_GOOD : periodOf(row.expiresAt)
      const entry = hidden(row.entry, period, sealed)
      if (sealed.length > 0) await run((db) => rows.put(db, sealed))
      return ledger.putListEntry({ ...row, entry })
    },
    removeListEntry: (list, entry) => ledger.removeListEntry(list, keyed(entry)),
    listEntry: async (list, entry, now) => {
      const found = await ledger.listEntry(list, keyed(entry), now)
      return found && { ...found, entry }
    },
    listEntries: async (now) => {
      const found = await ledger.listEntries(now)
      const numbers = await book.reveal(found.map(({ entry }) => entry))
      return found.map((row) => ({ ...row, entry: numbers.get(row.entry) ?? row.entry }))
    },

    privacy: sealedPrivacy(ledger.privacy, book, {
      requests: shownRequests,
      verifications: shownVerifications,
      documents: shownDocuments,
    }),

    retain: async (olderThan, now, stopped) => {
      const deleted = await ledger.retain(olderThan, now, stopped)
      const before = periodBefore(now, Math.max(olderThan.requests, olderThan.verifications))
      await run((db) => rows.retain(db, before))
      return deleted
    },
  }
}
