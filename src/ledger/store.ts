import type { Kysely } from 'kysely'
import { DAY } from '../engine/units.js'
import type { Dialect } from './dialect.js'
import type { Direct, Others } from './direct.js'
import type { LeaseStore } from './leases.js'
import { NumberBook } from './number-book.js'
import type { Numbers } from './numbers.js'
import type { Append, Ledger } from './port.js'
import { privacyStore } from './privacy-store.js'
import { actions } from './queries/actions.js'
import { conversion } from './queries/attempts.js'
import * as catalogue from './queries/catalogue.js'
import * as claims from './queries/claims.js'
import * as documents from './queries/documents.js'
import { ping } from './queries/meta.js'
import * as rebuild from './queries/rebuild.js'
import * as requests from './queries/requests.js'
import { type InTransaction, retain } from './queries/retention.js'
import { rollUpStore } from './queries/roll-up.js'
import { search } from './queries/search.js'
import * as sends from './queries/sends.js'
import * as tallies from './queries/tally-read.js'
import { tallyWriter } from './queries/tally-write.js'
import * as verifications from './queries/verifications.js'
import { rollUp } from './roll-up.js'
import type { Database } from './schema.js'
import { sealedLedger } from './sealed.js'

/** What a database brings along; everything above it is the same for all of them. */
export interface LedgerParts {
  db: Kysely<Database>
  dialect: Dialect
  numbers: Numbers
  /** Runs database work: waits for locks, turns faults of the store into LedgerError. */
  attempt<T>(work: () => Promise<T>): Promise<T>
  log: {
    append(rows: readonly Append[]): void
    commit(rows?: readonly Append[]): Promise<void>
    /** writes what was appended, without waiting for the disk */
    flush(): Promise<void>
    /** something was written beside the log: the next commit makes it durable too */
    wrote(): void
  }
  leases: LeaseStore
  /** reads what the console looks at, which may be a little behind. @default like every other read */
  look?<T>(query: (db: Kysely<Database>) => Promise<T>): Promise<T>
  /** What is asked so often that each database has a way of its own. @param others every other question */
  direct(others: Others): Direct
  /** @default row by row */
  retain?: Ledger['retain']
  /** Unix ms: documents end by it */
  clock(): number
  close(): Promise<void>
}

/** The ledger over any database that Kysely speaks. */
export function createLedger(parts: LedgerParts): Ledger {
  const { db, numbers, attempt, log } = parts
  const others = otherQuestions(parts)
  const ledger: Ledger = { ...others, ...parts.direct(others) }
  if (numbers.vault === null) return ledger
  const book = new NumberBook(numbers, numbers.vault, async (query) => {
    const result = await attempt(() => query(db))
    log.wrote()
    return result
  })
  return sealedLedger(ledger, book)
}

function otherQuestions(parts: LedgerParts): Others {
  const { db, dialect, numbers, attempt, log, leases, clock, close } = parts
  type Query<T> = (db: Kysely<Database>) => Promise<T>

  /** Sees everything appended before. */
  async function read<T>(query: Query<T>): Promise<T> {
    await log.flush()
    return attempt(() => query(db))
  }

  async function write<T>(query: Query<T>): Promise<T> {
    const result = await read(query)
    log.wrote()
    return result
  }

  /** Tables that nothing is appended to need no flush. */
  const look = <T>(query: Query<T>): Promise<T> => attempt(() => query(db))

  /** What the console shows. */
  const show = <T>(query: Query<T>): Promise<T> => {
    const { look: elsewhere } = parts
    return elsewhere === undefined ? read(query) : attempt(() => elsewhere(query))
  }

  async function set<T>(query: Query<T>): Promise<T> {
    const result = await look(query)
    log.wrote()
    return result
  }

  const writer = tallyWriter(dialect)

  return {
    append: (rows) => log.append(rows),
    commit: async (rows) => log.commit(rows),

    request: (id) => read((db) => requests.find(db, id)),
    requests: (filter) => read((db) => requests.list(db, filter, numbers, dialect)),
    asked: (filter) => read((db) => requests.asked(db, filter, dialect)),
    conversion: (filter) => read((db) => conversion(db, filter, dialect)),
    due: (now, limit) => read((db) => requests.due(db, now, limit)),

    latestVerification: (service, number, status) =>
      read((db) => verifications.latest(db, { service, number, status: status ?? [] }, numbers)),
    expired: (now, limit) => read((db) => verifications.expired(db, now, limit, numbers)),

    send: (id) => read((db) => sends.find(db, id, dialect)),
    sendByProvider: (provider, providerId) =>
      read((db) => sends.findByProvider(db, provider, providerId, clock() - DAY, dialect)),
    sends: (verificationId) => read((db) => sends.ofVerification(db, verificationId, dialect)),
    async sendsOf(requestIds) {
      const found = await read((db) => sends.ofRequests(db, requestIds, dialect))
      return new Map(found.map((send) => [send.requestId, send]))
    },
    updateSend: (id, patch, from) => write((db) => sends.update(db, id, patch, dialect, from)),
    markInterruptedSends: (now, olderThanMs = 0) =>
      write((db) => sends.markInterrupted(db, now, olderThanMs)),

    outcomesOf: (requestId) => read((db) => rebuild.outcomesOf(db, requestId)),

    putIfAbsent: (scope, key, value, expiresAt, now) =>
      set((db) => claims.putIfAbsent(db, { scope, key, value, expiresAt }, now)),
    put: (scope, key, value, expiresAt) =>
      set((db) => claims.put(db, { scope, key, value, expiresAt })),
    remove: (scope, key) => set((db) => claims.remove(db, scope, key)),

    putPolicy: (row) => set((db) => catalogue.putPolicy(db, row)),
    policy: (version) => look((db) => catalogue.policy(db, version)),
    policies: (limit) => look((db) => catalogue.policies(db, limit)),

    putKey: (row) => set((db) => catalogue.putKey(db, row)),
    key: (id) => look((db) => catalogue.key(db, id)),
    keys: () => look(catalogue.keys),
    revokeKey: (id, at) => set((db) => catalogue.revokeKey(db, id, at)),

    actions: (limit, filter) => read((db) => actions(db, limit, filter)),

    putListEntry: (row) => set((db) => catalogue.putListEntry(db, row)),
    removeListEntry: (list, entry) => set((db) => catalogue.removeListEntry(db, list, entry)),
    listEntries: (now) => look((db) => catalogue.listEntries(db, now)),
    listEntry: (list, entry, now) => look((db) => catalogue.listEntry(db, list, entry, now)),
    listsMark: (now) => look((db) => catalogue.listsMark(db, now)),

    putService: (row) => set((db) => catalogue.putService(db, row)),
    service: (sid) => look((db) => catalogue.service(db, sid)),
    services: () => look(catalogue.services),

    position: () => read((db) => rebuild.position(db, dialect)),
    charges: (after, limit) => read((db) => rebuild.charges(db, after, limit, dialect)),
    requestsAfter: (after, limit) => read((db) => rebuild.requestsAfter(db, after, limit, dialect)),
    settlements: (after, limit) => read((db) => rebuild.settlements(db, after, limit, dialect)),

    async rollUp(limit, now) {
      await log.flush()
      const rows = await rollUp(
        (work) =>
          attempt(() => db.transaction().execute((trx) => work(rollUpStore(trx, writer, dialect)))),
        { limit, now, ...dialect.counting },
      )
      log.wrote()
      return rows
    },
    series: (filter) => show((db) => tallies.series(db, filter, dialect)),
    top: (filter, by, limit) => show((db) => tallies.top(db, filter, by, limit, dialect)),
    search: (wanted) => show((db) => search(db, wanted, numbers, dialect)),

    document: (kind, id) => look((db) => documents.find(db, kind, id, clock())),
    documents: (filter) => look((db) => documents.list(db, filter, clock())),
    putDocument: (row, expected) => set((db) => documents.put(db, row, expected, clock())),
    removeDocument: (kind, id) => set((db) => documents.remove(db, kind, id, clock())),

    async retain(olderThan, now, stopped) {
      await log.flush()
      const inTransaction: InTransaction = (work) => attempt(() => db.transaction().execute(work))
      const deleted = await (parts.retain?.(olderThan, now, stopped) ??
        retain(inTransaction, olderThan, now, { stopped }))
      log.wrote()
      return deleted
    },

    ...leases,

    privacy: privacyStore({ numbers, dialect, write, clock }),

    async healthy() {
      try {
        await read(ping)
        return true
      } catch {
        return false
      }
    },
    close,
  }
}
