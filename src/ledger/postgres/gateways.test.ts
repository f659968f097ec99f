import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ledgerGateways } from '../../../test/conformance/ledger-gateways.js'
import { aCharged, aRequest } from '../../../test/conformance/ledger-rows.js'
import {
  type PostgresServer,
  skipped,
  startPostgres,
  why,
} from '../../../test/fakes/postgres-server.js'
import type { Ledger } from '../port.js'
import { openPostgresLedger } from './open.js'

describe.skipIf(skipped)(`several gateways on PostgreSQL${why}`, () => {
  let server: PostgresServer
  let url: string
  let one: Ledger
  let other: Ledger
  const open = () => openPostgresLedger({ url, numbers: 'clear', poolSize: 5, commitDelayMs: 1 })

  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.close())
  beforeEach(async () => {
    url = await server.database()
    ;[one, other] = await Promise.all([open(), open()])
  })
  afterEach(async () => {
    await Promise.all([one, other].map((ledger) => ledger.close()))
  })

  ledgerGateways(() => ({ one, other }))

  test('four that start at once migrate once', async () => {
    url = await server.database()
    const four = await Promise.all([open(), open(), open(), open()])
    const database = new URL(url).pathname.slice(1)
    const migrations = await server.query('select version from migrations order by 1', database)
    expect(migrations.map(({ version }) => Number(version))).toEqual(
      migrations.map((_, i) => i + 1),
    )
    for (const [i, ledger] of four.entries())
      await ledger.commit([{ table: 'requests', row: aRequest(`of ${i}`) }])
    expect(await four[0]?.requests({ limit: 10 })).toHaveLength(4)
    for (const ledger of four) await ledger.close()
  })

  test('a lease ends by the clock of the server, and renewing moves its end', async () => {
    expect(await one.lease('job', 'a', 50)).toBe(true)
    await expect.poll(() => other.lease('job', 'b', 60_000), { timeout: 10_000 }).toBe(true)
    expect(await one.lease('job', 'a', 50)).toBe(false)
  })

  test('a reader waits for a row whose transaction is late, and never for strangers', async () => {
    const stranger = new pg.Client({ connectionString: url })
    const late = new pg.Client({ connectionString: url })
    await Promise.all([stranger.connect(), late.connect()])
    // a long transaction of somebody else, with a number of its own
    await stranger.query('begin')
    await stranger.query('create table notes (n int)')
    await one.commit([{ table: 'requests', row: aCharged('first') }])
    await late.query('begin')
    await late.query(`insert into requests (id, at, service, kind, number, country, operator, block, price_micro_usd,
      verdict, would, mode, score, reasons, known_good, degraded, policy_version, charge, credit)
      select 'late', at, service, kind, number, country, operator, block, price_micro_usd,
      verdict, would, mode, score, reasons, known_good, degraded, policy_version, charge, credit from requests`)
    await one.commit([{ table: 'requests', row: aCharged('second') }])
    const read = async () => (await other.charges(0, 10)).map(({ id }) => id)
    expect(await read()).toEqual(['first'])
    expect((await other.position()).requests).toBe(1)
    await late.query('commit')
    expect(await read()).toEqual(['first', 'late', 'second'])
    expect((await other.position()).requests).toBe(3)
    await stranger.query('rollback')
    await Promise.all([stranger.end(), late.end()])
  })
})
