import { CamelCasePlugin, Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { aRequest } from '../../../test/conformance/ledger-rows.js'
import { migrate } from '../migrate.js'
import { clearNumbers } from '../numbers.js'
import type { RequestFilter } from '../port.js'
import * as rebuild from '../queries/rebuild.js'
import * as requests from '../queries/requests.js'
import { retain } from '../queries/retention.js'
import * as sends from '../queries/sends.js'
import * as verifications from '../queries/verifications.js'
import type { Database } from '../schema.js'
import * as tables from '../tables.js'
import { connect, dialectOver } from './connection.js'
import { SQLITE_COLUMNS } from './ledger-over.js'

/**
 * A query that reads a whole table is right in every test and stops the process at a million rows. None of those that
 * run beside traffic may: each finds its rows by an index, in the order in which it wants them.
 */
test('queries that run beside traffic read by index, and sort nothing', async () => {
  const connection = await connect(':memory:')
  const ran: { sql: string; parameters: readonly unknown[] }[] = []
  const db = new Kysely<Database>({
    dialect: dialectOver(connection),
    plugins: [new CamelCasePlugin()],
    log({ query }) {
      ran.push(query)
    },
  })
  await migrate(db, SQLITE_COLUMNS, ':memory:', 0)
  const rows = [aRequest('old', { at: 1 }), aRequest('new')].map((row) =>
    tables.requests.write(row),
  )
  await db.insertInto('requests').values(rows).execute()
  const numbers = clearNumbers()
  ran.length = 0

  await requests.find(db, 'id')
  await requests.list(db, { from: 1, to: 2, before: 2, limit: 10 }, numbers)
  await requests.due(db, 1, 10)
  await verifications.find(db, 'id', numbers)
  await verifications.latest(db, { service: 's', number: 'n', status: ['sent', 'held'] }, numbers)
  await verifications.expired(db, 1, 10, numbers)
  await sends.find(db, 'id')
  await sends.findByProvider(db, 'p', 'id')
  await sends.ofVerification(db, 'v')
  await sends.markInterrupted(db, 1)
  await rebuild.outcomesOf(db, 'id')
  await rebuild.charges(db, 1, 10)
  await rebuild.settlements(db, 1, 10)
  await retain((work) => work(db), { requests: 1, verifications: 1 }, 10)

  const planOf = (sql: string, parameters: readonly unknown[]) =>
    connection
      .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
      .all(...parameters)
      .map((step) => step.detail)
  /** Operators' own lists are short. The newest row of a table is the first one met from the end. */
  const mayScan = (sql: string) => sql.includes('"list_entries"') || !sql.includes(' where ')

  const tablesSeen = new Set<string>()
  for (const { sql, parameters } of ran) {
    tablesSeen.add(/(?:from|update) "(\w+)"/.exec(sql)?.[1] ?? sql)
    const slow = planOf(sql, parameters).filter(
      (detail) => /^SCAN \w+$/.test(detail) || detail.includes('TEMP B-TREE'),
    )
    if (!mayScan(sql)) expect.soft(slow, sql).toEqual([])
  }
  expect([...tablesSeen].sort()).toEqual([
    'claims',
    'documents',
    'list_entries',
    'outcomes',
    'receipts',
    'requests',
    'sends',
    'tally_days',
    'tally_hours',
    'tally_minutes',
    'verifications',
  ])

  // A verification or a number has a handful of requests: found by index, then sorted.
  ran.length = 0
  await requests.list(db, { verificationId: 'v', limit: 10 }, numbers)
  expect(planOf(ran[0]?.sql ?? '', ran[0]?.parameters ?? [])[0]).toBe(
    'SEARCH requests USING INDEX requests_verification (verification_id=?)',
  )
  const number = '+2348031234567'
  const filters: Partial<RequestFilter>[] = [
    {},
    { from: 5 },
    { from: 5, to: 9 },
    { service: 's', credit: ['lost'], before: 2 },
  ]
  for (const filter of filters) {
    ran.length = 0
    await requests.list(db, { number, limit: 10, ...filter }, numbers)
    const { sql, parameters } = ran.at(-1) ?? { sql: '', parameters: [] }
    const plan = planOf(sql, parameters)
    expect(plan[0]).toBe('SEARCH requests USING INTEGER PRIMARY KEY (rowid=?)')
    expect(plan).toContain(
      'SEARCH found USING COVERING INDEX requests_number (<expr>=? AND number=?)',
    )
    expect(plan).not.toContain('SCAN requests')
  }
  await db.destroy()
})
