import { CamelCasePlugin, Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { aRequest } from '../../../test/conformance/ledger-rows.js'
import type { Dialect } from '../dialect.js'
import { migrate } from '../migrate.js'
import { clearNumbers } from '../numbers.js'
import type { ConversionFilter, RequestFilter } from '../port.js'
import { conversion } from '../queries/attempts.js'
import * as documents from '../queries/documents.js'
import * as rebuild from '../queries/rebuild.js'
import * as requests from '../queries/requests.js'
import { retain } from '../queries/retention.js'
import { rollUpStore } from '../queries/roll-up.js'
import { search } from '../queries/search.js'
import * as sends from '../queries/sends.js'
import { series, top } from '../queries/tally-read.js'
import { tallyWriter } from '../queries/tally-write.js'
import * as verifications from '../queries/verifications.js'
import { rollUpStep } from '../roll-up.js'
import type { Database } from '../schema.js'
import * as tables from '../tables.js'
import { connect, dialectOver } from './connection.js'
import { sqliteDialect } from './dialect.js'
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
  await requests.list(db, { from: 1, to: 2, before: 2, limit: 10 }, numbers, sqliteDialect)
  await requests.due(db, 1, 10)
  await verifications.latest(db, { service: 's', number: 'n', status: ['sent', 'held'] }, numbers)
  await verifications.expired(db, 1, 10, numbers)
  await sends.find(db, 'id', sqliteDialect)
  await sends.findByProvider(db, 'p', 'id', 0, sqliteDialect)
  await sends.ofVerification(db, 'v', sqliteDialect)
  await requests.list(db, { country: 'NG', limit: 10 }, numbers, sqliteDialect)
  await sends.markInterrupted(db, 1, 0)
  await rebuild.outcomesOf(db, 'id')
  await rebuild.charges(db, 1, 10, sqliteDialect)
  await rebuild.settlements(db, 1, 10, sqliteDialect)
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
  await requests.list(db, { verificationId: 'v', limit: 10 }, numbers, sqliteDialect)
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
    await requests.list(db, { number, limit: 10, ...filter }, numbers, sqliteDialect)
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

test('what the console reads is found by index; only a bounded time or page is sorted', async () => {
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
  const at = 36 * 3_600_000
  const rows = Array.from({ length: 4 }, (_, i) =>
    tables.requests.write(aRequest(`r${i}`, { at: at + i, verdict: 'challenge' })),
  )
  await db.insertInto('requests').values(rows).execute()
  await db
    .transaction()
    .execute((trx) =>
      rollUpStep(rollUpStore(trx, tallyWriter(sqliteDialect), sqliteDialect), 10, at),
    )
  await db
    .transaction()
    .execute((trx) =>
      rollUpStep(
        rollUpStore(trx, tallyWriter(sqliteDialect), sqliteDialect),
        10,
        at + 5 * 3_600_000,
      ),
    )
  const counting = ran.splice(0)
  const window = { period: 'hour', from: 0, to: at * 2 } as const
  const keyed = { ...window, keys: ['+234803123'] }
  await series(db, { ...window, dimension: 'all' }, sqliteDialect)
  await series(db, { ...keyed, dimension: 'block' }, sqliteDialect)
  await top(db, { ...keyed, dimension: 'block' }, 'lost', 5, sqliteDialect)
  await top(db, { ...window, dimension: 'block', prefix: '+23480' }, 'lost', 5, sqliteDialect)
  await top(db, { ...window, dimension: 'block', parent: '234803' }, 'lost', 5, sqliteDialect)
  await top(db, { ...window, dimension: 'ip' }, 'lost', 5, sqliteDialect)
  const numbers = clearNumbers()
  for (const wanted of [{}, { from: 1, to: at * 2 }, { verdict: 'deny' as const, before: 2 }])
    await search(db, { ...wanted, limit: 5 }, numbers, sqliteDialect)
  for (const by of [{ number: '+2348031234567' }, { ip: '105.112.3.4' }, { deviceId: 'device-1' }])
    await search(db, { ...by, from: 1, to: at * 2, before: 4, limit: 5 }, numbers, sqliteDialect)
  await documents.find(db, 'k', 'i', 1)
  await documents.list(db, { kind: 'k', limit: 5, before: { at: 5, id: 'x' } }, 1)
  await documents.list(db, { kind: 'k', parent: 'p', from: 1, limit: 5 }, 1)

  const planOf = (sql: string, parameters: readonly unknown[]) =>
    connection
      .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
      .all(...parameters)
      .map((step) => step.detail)
  const isRead = (sql: string) => / from | update /i.test(sql)
  const large =
    /^SCAN (requests|outcomes|sends|tally|tally_\w+|documents|awaited|counted_refusals)( |$)/
  for (const { sql, parameters } of [...counting, ...ran].filter(({ sql }) => isRead(sql))) {
    const plan = planOf(sql, parameters)
    // the newest rows of a table are the first ones met from its end
    const newest = /(max|min)\(seq\)| order by "at" desc, "seq" desc limit /.test(sql)
    const scans = plan.filter((step) => large.test(step) && !newest)
    expect.soft(scans, sql).toEqual([])
    // sums of a bounded time are sorted by what is asked for; nothing else is
    const sorts = plan.filter((step) => step.includes('TEMP B-TREE'))
    if (!sql.includes('sum(tally.')) expect.soft(sorts, sql).toEqual([])
  }
  const plans = ran.map(({ sql, parameters }) => planOf(sql, parameters).join('; '))
  for (const index of [
    'SEARCH tally USING PRIMARY KEY (dimension=? AND at=? AND key=?)',
    'SEARCH tally USING PRIMARY KEY (dimension=? AND at=? AND key>? AND key<?)',
    'SEARCH tally USING PRIMARY KEY (dimension=? AND at>? AND at<?)',
    'tally_hours_parent',
    'requests_number (<expr>=? AND number=?',
    'requests_ip (<expr>=? AND ip=?',
    'requests_device_id (<expr>=? AND device_id=?',
    'documents_at (kind=?',
    'documents_parent (kind=? AND parent=?',
  ])
    expect
      .soft(
        plans.some((plan) => plan.includes(index)),
        `${index} in\n${plans.join('\n')}`,
      )
      .toBe(true)
  await db.destroy()
})

test('a page deep in a time asks for nothing that comes before it: plans do not tell which of two bounds is taken', async () => {
  const connection = await connect(':memory:')
  const ran: (readonly unknown[])[] = []
  const db = new Kysely<Database>({
    dialect: dialectOver(connection),
    plugins: [new CamelCasePlugin()],
    log({ query }) {
      ran.push(query.parameters)
    },
  })
  await migrate(db, SQLITE_COLUMNS, ':memory:', 0)
  const rows = Array.from({ length: 4 }, (_, i) => aRequest(`r${i}`, { at: 100 + i }))
  await db
    .insertInto('requests')
    .values(rows.map((row) => tables.requests.write(row)))
    .execute()
  const page = { from: 1, to: 999, limit: 5 }
  const pages = {
    list: () => requests.list(db, { ...page, before: 3 }, clearNumbers(), sqliteDialect),
    asked: () => requests.asked(db, { ...page, before: 3 }, sqliteDialect),
    search: () =>
      search(db, { ...page, before: 3 }, clearNumbers(), sqliteDialect).then((found) => found.rows),
    documents: () => documents.list(db, { ...page, kind: 'k', before: { at: 102, id: 'x' } }, 1),
  }
  for (const [name, read] of Object.entries(pages)) {
    ran.length = 0
    const found = await read()
    if (name !== 'documents') expect(found, name).toHaveLength(2)
    expect.soft(ran.flat(), name).toContain(102)
    expect.soft(ran.flat(), name).not.toContain(999)
  }
  await db.destroy()
})

test('what few requests match is looked for in pieces, and others are served in between', async () => {
  const connection = await connect(':memory:')
  const db = new Kysely<Database>({
    dialect: dialectOver(connection),
    plugins: [new CamelCasePlugin()],
  })
  await migrate(db, SQLITE_COLUMNS, ':memory:', 0)
  // the clock steps back at the end of a piece
  const rows = [10, 11, 12, 9, 12, 13, 11, 14].map((at, i) =>
    aRequest(`r${i}`, { at, credit: 'lost', verificationId: 'v', country: i === 0 ? 'GB' : 'NG' }),
  )
  await db
    .insertInto('requests')
    .values(rows.map((row) => tables.requests.write(row)))
    .execute()
  const numbers = clearNumbers()
  const inThrees = { ...sqliteDialect, readAtOnce: 3 }
  const ids = async (filter: Partial<RequestFilter>, dialect: Dialect = inThrees) =>
    (await requests.list(db, { limit: 9, ...filter }, numbers, dialect)).map(({ id }) => id)
  const total = async (filter: ConversionFilter) => (await conversion(db, filter, inThrees)).total

  for (const filter of [{}, { from: 10, to: 12 }, { before: 6 }, { to: 11, before: 5 }])
    for (const narrow of [{ country: 'GB' }, { country: 'NG' }, { credit: ['lost' as const] }])
      expect
        .soft(await ids({ ...filter, ...narrow }), JSON.stringify({ ...filter, ...narrow }))
        .toEqual(await ids({ ...filter, ...narrow }, { ...sqliteDialect, readAtOnce: null }))
  expect(await total({})).toBe(8)
  expect(await total({ from: 10, to: 12 })).toBe(5)
  expect(await total({ country: 'GB' })).toBe(1)

  for (const work of [() => ids({ country: 'GB' }), () => total({ country: 'GB' })]) {
    let served = false
    setImmediate(() => {
      served = true
    })
    await work()
    expect(served).toBe(true)
  }
  await db.destroy()
})
