import { setImmediate as otherWork } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { Dialect } from './dialect.js'
import type { NumberBook } from './number-book.js'
import type { Numbers } from './numbers.js'
import { privacyOver } from './privacy.js'
import type { PrivacyStore } from './privacy-port.js'
import { privacyRows } from './queries/privacy.js'
import * as vaultRows from './queries/vault.js'
import type { Database } from './schema.js'

/** Numbers sealed again in one transaction: a few ms, in which a database with one writer serves nobody else. */
const STEP = 200

interface Parts {
  numbers: Numbers
  dialect: Dialect
  /** sees everything appended before, and makes the next commit durable with what it writes */
  write: <T>(query: (db: Kysely<Database>) => Promise<T>) => Promise<T>
  clock: () => number
}

/** What people may ask about their number, over any database that Kysely speaks. */
export function privacyStore({ numbers, dialect, write, clock }: Parts): PrivacyStore {
  const { vault } = numbers
  const people = <T>(
    work: (store: Pick<PrivacyStore, 'recordsOf' | 'erase'>) => Promise<T>,
  ): Promise<T> =>
    write((db) => work(privacyOver(privacyRows(db, numbers, dialect, clock()), numbers)))

  return {
    recordsOf: (number) => people((store) => store.recordsOf(number)),
    erase: (number, options) => people((store) => store.erase(number, options)),

    async numberKeys() {
      if (vault === null) return []
      const counts = new Map(
        (await write(vaultRows.census)).map(({ keyId, rows }) => [keyId, rows]),
      )
      return [...new Set([...vault.keyIds, ...counts.keys()])].map((id) => ({
        id,
        rows: counts.get(id) ?? 0,
        active: id === vault.active,
        there: vault.checkOf(id) !== null,
      }))
    },

    async reseal(limit) {
      if (vault === null) return 0
      let done = 0
      while (done < limit) {
        const step = Math.min(STEP, limit - done)
        const rows = await write((db) =>
          db.transaction().execute(async (trx) => {
            const old = await vaultRows.otherThan(trx, vault.active, step)
            for (const row of old)
              await vaultRows.reseal(trx, row, vault.seal(vault.open(row), row.numberKey))
            return old.length
          }),
        )
        done += rows
        if (rows < step) break
        await otherWork()
      }
      return done
    },

    forgetKey: (keyId, limit) => write((db) => vaultRows.forgetKey(db, keyId, limit)),
  }
}

/** Records come back with their numbers; a number that nothing names any more leaves the vault. */
export function sealedPrivacy(
  privacy: PrivacyStore,
  book: NumberBook,
  shown: {
    requests: <Row extends Awaited<ReturnType<PrivacyStore['recordsOf']>>['requests'][number]>(
      rows: Row[],
    ) => Promise<Row[]>
    verifications: (
      rows: Awaited<ReturnType<PrivacyStore['recordsOf']>>['verifications'],
    ) => Promise<Awaited<ReturnType<PrivacyStore['recordsOf']>>['verifications']>
    documents: (
      rows: Awaited<ReturnType<PrivacyStore['recordsOf']>>['documents'],
    ) => Promise<Awaited<ReturnType<PrivacyStore['recordsOf']>>['documents']>
  },
): PrivacyStore {
  const { numbers, run } = book
  return {
    ...privacy,
    async recordsOf(e164) {
      const found = await privacy.recordsOf(e164)
      return {
        ...found,
        requests: await shown.requests(found.requests),
        verifications: await shown.verifications(found.verifications),
        documents: await shown.documents(found.documents),
        lists: found.lists.map((row) => ({ ...row, entry: e164 })),
      }
    },
    async erase(e164, options) {
      const erased = await privacy.erase(e164, options)
      const { inFlight, listsLeft, watchLeft } = erased
      if (inFlight === 0 && listsLeft.length === 0 && !watchLeft) {
        const numberKey = numbers.numberKey(e164)
        book.forget(numberKey)
        await run((db) => vaultRows.remove(db, numberKey))
      }
      return erased
    },
  }
}
