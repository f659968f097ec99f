import { processLeases } from '../leases.js'
import { clearNumbers, hashedNumbers, type NumbersOption } from '../numbers.js'
import { type Append, type Ledger, LedgerError } from '../port.js'
import { privacyOver } from '../privacy.js'
import { rollUp } from '../roll-up.js'
import type { ActionRow } from '../rows.js'
import type { Stored } from '../schema.js'
import { actions as actionCodec } from '../tables.js'
import { createCatalogue } from './catalogue.js'
import { Claims } from './claims.js'
import { Documents } from './documents.js'
import { Log } from './log.js'
import { Outcomes } from './outcomes.js'
import { privacyRows } from './privacy.js'
import { Requests, readRequest, type StoredRequest } from './requests.js'
import { retain } from './retain.js'
import { memoryRollUpStore } from './roll-up.js'
import { Room } from './room.js'
import { search } from './search.js'
import { Sends } from './sends.js'
import { Tallies } from './tallies.js'
import { isOpen, Verifications } from './verifications.js'
import { writeAll } from './write.js'

export interface MemoryLedgerOptions {
  /**
   * Requests, verifications and operators' actions kept, each; the oldest that are settled and ended go first. About
   * 3 kB a verification. @default 50_000
   */
  capacity?: number
  /**
   * phone numbers in clear, or as keyed hashes under at least 32 random bytes. Encrypted ones are in clear: nothing is
   * at rest here. @default 'clear'
   */
  numbers?: NumbersOption
  /** by which documents expire, Unix ms. @default Date.now */
  clock?: () => number
}

/** Outcomes kept for each request of the capacity: a life has two or three. */
const OUTCOMES_PER_REQUEST = 8
const COUNTING = { atOnce: 100, rest: 3 }

/**
 * The ledger in this process's memory: no native module, no file, and nothing left after the end. A restart hands out
 * fresh credit: for tests, for tools, and for whoever keeps no records on purpose.
 */
export function memoryLedger(options: MemoryLedgerOptions = {}): Ledger {
  const { capacity = 50_000, numbers: kept = 'clear', clock = Date.now } = options
  const numbers =
    kept === 'clear' || 'encryptedWith' in kept ? clearNumbers() : hashedNumbers(kept.hashedWith)
  const requests = new Requests(numbers)
  const verifications = new Verifications(numbers)
  const sends = new Sends()
  const outcomes = new Outcomes()
  const actions = new Log<Stored<ActionRow>>()
  const claims = new Claims(2 * capacity)
  const catalogue = createCatalogue()
  const documents = new Documents(capacity, clock)
  const tallies = new Tallies()
  const counting = memoryRollUpStore({ requests, outcomes, sends, tallies })
  let counted: Promise<unknown> = Promise.resolve()
  let closed = false

  const isOver = ({ value: { credit, verificationId } }: StoredRequest): boolean =>
    credit !== 'reserved' && !(verificationId !== null && verifications.isOpen(verificationId))

  function dropRequest(entry: StoredRequest): Record<string, number> {
    requests.remove(entry)
    const { id } = entry.value
    return { requests: 1, ...sends.removeOf(id), outcomes: outcomes.removeOf(id) }
  }

  const rooms = {
    requests: new Room(capacity, requests.log, isOver, dropRequest),
    verifications: new Room(
      capacity,
      verifications.log,
      (entry) => !isOpen(entry),
      (entry) => verifications.remove(entry),
    ),
    // what moved credit goes with its request; what merely tells of it may go before
    outcomes: new Room(
      OUTCOMES_PER_REQUEST * capacity,
      outcomes.log,
      ({ value }) => value.from === value.to,
      (entry) => outcomes.remove(entry),
    ),
    actions: new Room(
      capacity,
      actions,
      () => true,
      (entry) => actions.remove(entry),
    ),
  }

  function write(rows: readonly Append[]): void {
    if (closed) throw new LedgerError('lost', 'it was closed; open it again')
    writeAll({ requests, verifications, sends, outcomes, actions, rooms }, rows)
  }

  return {
    append: write,
    commit: async (rows = []) => write(rows),

    async request(id) {
      const entry = requests.find(id)
      return entry === undefined ? null : readRequest(entry)
    },
    requests: async (filter) => requests.list(filter),
    asked: async (filter) => requests.list(filter),
    conversion: async (filter) => requests.conversion(filter),

    async settle(requestId, from, to, { kind, at, detail = null }) {
      const entry = requests.find(requestId)
      const request = entry && readRequest(entry)
      if (!entry || !request || !from.includes(request.credit)) return null
      const { credit: before, settledAt: settledBefore } = request
      write([{ table: 'outcomes', row: { at, requestId, kind, from: before, to, detail } }])
      entry.value = { ...entry.value, credit: to, settledAt: at }
      return { ...request, before, settledBefore }
    },
    sessionSends: async (filter) => requests.list(filter).map(({ id }) => id),
    due: async (now, limit) => requests.due(now, limit),

    verification: async (id) => verifications.find(id),
    latestVerification: async (service, number, status = []) =>
      verifications.latest(service, number, status),
    updateVerification: async (id, version, patch) => verifications.update(id, version, patch),
    expired: async (now, limit) => verifications.expired(now, limit),

    send: async (id) => sends.find(id),
    sendByProvider: async (provider, providerId) => sends.findByProvider(provider, providerId),
    sends: async (verificationId) => sends.ofVerification(verificationId),
    sendsOf: async (requestIds) =>
      new Map(
        requestIds.flatMap((id) => sends.ofRequest(id)).map((send) => [send.requestId, send]),
      ),
    updateSend: async (id, patch, from) => sends.update(id, patch, from),
    markInterruptedSends: async (now, olderThanMs = 0) => sends.markInterrupted(now, olderThanMs),

    outcomesOf: async (requestId) => outcomes.of(requestId),

    putIfAbsent: async (scope, key, value, expiresAt, now) =>
      claims.putIfAbsent(scope, key, value, expiresAt, now),
    put: async (scope, key, value, expiresAt) => claims.put(scope, key, value, expiresAt),
    remove: async (scope, key) => claims.remove(scope, key),

    ...catalogue,

    async actions(limit, { before = Number.POSITIVE_INFINITY, actor, action } = {}) {
      const found: (ActionRow & { seq: number })[] = []
      for (const { seq, value } of actions.newestFirst()) {
        if (found.length >= limit) break
        if (seq >= before || (actor !== undefined && value.actor !== actor)) continue
        const fits =
          action === undefined ||
          (action.endsWith('.') ? value.action.startsWith(action) : value.action === action)
        if (fits) found.push({ seq, ...actionCodec.read(value) })
      }
      return found
    },

    rollUp(limit, now) {
      // one after the other: two at once would count the same rows
      const next = counted.then(() => rollUp((work) => work(counting), { limit, now, ...COUNTING }))
      counted = next.catch(() => undefined)
      return next
    },
    series: tallies.series,
    top: tallies.top,
    search: async (wanted) => search(requests, wanted),
    document: documents.document,
    documents: documents.documents,
    putDocument: documents.putDocument,
    removeDocument: documents.removeDocument,

    position: async () => ({ requests: requests.log.last, outcomes: outcomes.log.last }),
    charges: async (after, limit) => requests.charges(after, limit),
    requestsAfter: async (after, limit) => requests.after(after, limit),
    settlements: async (after, limit) => outcomes.settlements(after, limit, requests),

    retain: async (olderThan, now) =>
      retain(
        {
          requests,
          verifications,
          outcomes,
          claims,
          catalogue,
          documents,
          tallies,
          isOver,
          dropRequest,
        },
        olderThan,
        now,
      ),

    ...processLeases(clock),

    privacy: {
      ...privacyOver(
        privacyRows({
          ...{ requests, verifications, sends, outcomes, documents, tallies, catalogue },
        }),
        numbers,
      ),
      numberKeys: async () => [],
      reseal: async () => 0,
      forgetKey: async () => 0,
    },

    healthy: async () => !closed,
    async close() {
      closed = true
    },
  }
}
