import { type CompiledQuery, type Kysely, sql } from 'kysely'
import { type Appended, called, ofNumber } from '../appended.js'
import type { Direct } from '../direct.js'
import type { LogEntry } from '../log-entry.js'
import type { Numbers } from '../numbers.js'
import { hideVerificationPatch, showVerification } from '../pseudonymise.js'
import type { Database } from '../schema.js'
import { outcomes, sends, verifications } from '../tables.js'
import type { Connection } from './connection.js'
import { bySections, type Settleable, settleable } from './sections.js'
import { insertSql } from './sink.js'
import type { Turns } from './turns.js'

type Value = string | number | null
type Values = Value[]

/** Rows that are at hand to be settled. */
const AT_HAND = 1_000

export interface DirectParts {
  db: Kysely<Database>
  connection: Connection
  numbers: Numbers
  turns: Turns
  log: Appended & { wrote(): void }
}

/**
 * What every verification asks of the ledger, by statements that Kysely compiles once: building and reading them through
 * it costs several times what SQLite takes. It asks the same as `queries/`, and the suite of the port holds for both.
 */
export function directLedger({ db, connection, numbers, turns, log }: DirectParts): Direct {
  const prepare = ({ sql: text }: Pick<CompiledQuery, 'sql'>) => connection.prepare<Value[]>(text)
  const rows = <Row>(query: CompiledQuery, read: (values: Values) => Row) => {
    const statement = prepare(query).raw()
    return (...parameters: Value[]): Row[] => (statement.all(...parameters) as Values[]).map(read)
  }

  const findVerification = rows(
    db.selectFrom('verifications').select(verifications.columns).where('id', '=', '').compile(),
    verifications.readValues,
  )
  const findRequest = rows(
    db.selectFrom('requests').select(settleable.columns).where('id', '=', '').compile(),
    settleable.readValues,
  )
  const moveCredit = prepare(
    db
      .updateTable('requests')
      .set({ credit: 'reserved', settledAt: 0 })
      .where('id', '=', '')
      .where('credit', '=', 'reserved')
      .where(sql<boolean>`settled_at is ${0}`)
      .compile(),
  )
  const note = connection.prepare<[Values]>(insertSql(db, 'outcomes'))
  const inSections = bySections(db, connection)
  /** Sends of sessions that were asked for, to be settled next. That they have not changed since, the settlement tests. */
  const lately = new Map<string, Settleable>()

  /** Statements of updates by the columns that they set and what they are on condition of: a handful. */
  const updates = new Map<string, ReturnType<typeof prepare>>()
  function update(table: 'sends' | 'verifications', columns: readonly string[], only?: string) {
    const name = `${table} ${columns.join()} ${only}`
    const known = updates.get(name)
    if (known !== undefined) return known
    const set = Object.fromEntries(columns.map((column) => [column, '']))
    const query = db
      .updateTable(table)
      .set(set as never)
      .where('id', '=', '')
    const prepared = prepare(
      query.$if(only !== undefined, (all) => all.where(sql.raw<boolean>(only ?? ''))).compile(),
    )
    updates.set(name, prepared)
    return prepared
  }

  /** Whatever was appended of a row is written before it is read or changed. */
  async function written(isIt: (entry: LogEntry) => boolean): Promise<void> {
    const flushed = log.flushIf(isIt)
    if (flushed !== null) await flushed
  }

  async function write<T>(isIt: (entry: LogEntry) => boolean, work: () => T): Promise<T> {
    await written(isIt)
    const result = await turns.write(work)
    log.wrote()
    return result
  }

  return {
    async verification(id) {
      await written(called(id))
      const [row] = await turns.read(() => findVerification(id))
      return row === undefined ? null : showVerification(row, numbers)
    },

    async updateVerification(id, version, patch) {
      const stored = verifications.patch(hideVerificationPatch(id, patch, numbers))
      const columns = [...Object.keys(stored), 'version']
      const values = [...(Object.values(stored) as Value[]), version + 1, id, version]
      const statement = update('verifications', columns, 'version = ?')
      return write(called(id), () => statement.run(...values).changes > 0)
    },

    async updateSend(id, patch, from) {
      const stored = sends.patch(patch)
      const only = from && `status in (${from.map(() => '?').join()})`
      const statement = update('sends', Object.keys(stored), only)
      const values = [...(Object.values(stored) as Value[]), id, ...(from ?? [])]
      return write(called(id), () => statement.run(...values).changes > 0)
    },

    settle: (requestId, from, to, { kind, at, detail = null }) =>
      write(called(requestId), () => {
        const isMoved = ({ credit, settledAt }: Settleable): boolean =>
          from.includes(credit) && moveCredit.run(to, at, requestId, credit, settledAt).changes > 0
        let request = lately.get(requestId)
        if (request === undefined || !isMoved(request)) {
          request = findRequest(requestId)[0]
          if (request === undefined || !isMoved(request)) return null
        }
        lately.delete(requestId)
        const { credit: before, settledAt: settledBefore } = request
        note.run(outcomes.values({ at, requestId, kind, from: before, to, detail }))
        return { ...request, before, settledBefore }
      }),

    async sessionSends(filter) {
      const { service, from, credit, limit } = filter
      const number = numbers.numberKey(filter.number)
      await written(ofNumber(number))
      const rows = await turns.read(() => inSections(number, from))
      const found = rows
        .filter((row) => row.service === service && row.at >= from && credit.includes(row.credit))
        .sort((a, b) => b.at - a.at || b.seq - a.seq)
        .slice(0, limit)
      if (lately.size + found.length > AT_HAND) lately.clear()
      for (const row of found) lately.set(row.id, row)
      return found.map(({ id }) => id)
    },
  }
}
