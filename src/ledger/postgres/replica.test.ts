import { afterAll, beforeAll, expect, test } from 'vitest'
import { aRequest } from '../../../test/conformance/ledger-rows.js'
import {
  type PostgresServer,
  skipped,
  startPostgres,
  why,
} from '../../../test/fakes/postgres-server.js'
import type { Ledger } from '../port.js'
import { openPostgresLedger } from './open.js'

let server: PostgresServer
let replica: PostgresServer
let ledger: Ledger
let database: string
const reported: string[] = []
/** Moved on by hand, so that the lag is measured before every look. */
const clock = { now: 1_795_000_000_000 }

beforeAll(async () => {
  if (skipped) return
  server = await startPostgres()
  const url = await server.database()
  database = new URL(url).pathname.slice(1)
  replica = await server.replica()
  ledger = await openPostgresLedger({
    url,
    replicaUrl: replica.url(database),
    numbers: 'clear',
    maxLagMs: 5_000,
    connectMs: 500,
    statementMs: 2_000,
    clock: () => clock.now,
    onError: (error) => reported.push(error.message),
  })
})
afterAll(async () => {
  await ledger?.close()
  await server?.close()
})

const found = async () => {
  clock.now += 2_000
  const { rows } = await ledger.search({ limit: 100 })
  return rows.map((row) => row.id)
}
const write = (id: string) => ledger.commit([{ table: 'requests', row: aRequest(id) }])
/** How often a statement on requests ran there. */
const scansOn = async (on: PostgresServer) => {
  const sql = `select coalesce(sum(idx_scan + seq_scan), 0)::int as n from pg_stat_user_tables where relname like 'requests_%'`
  return (await on.query<{ n: number }>(sql, database))[0]?.n ?? 0
}

test.skipIf(skipped)(
  `the console reads from the replica, and from the primary while that lags or is lost${why}`,
  async () => {
    await write('first')
    await expect.poll(found, { timeout: 20_000 }).toEqual(['first'])
    const before = await scansOn(replica)
    await expect
      .poll(
        async () => {
          await found()
          return scansOn(replica)
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(before)

    // it stands still, and answers all the same
    await replica.query('select pg_wal_replay_pause()', database)
    await write('second')
    expect(await ledger.request('second')).not.toBeNull()
    await expect.poll(found, { timeout: 20_000 }).toEqual(['second', 'first'])
    expect(reported).toContainEqual(expect.stringContaining('lags behind'))
    await replica.query('select pg_wal_replay_resume()', database)
    await write('third')
    await expect.poll(found, { timeout: 20_000 }).toEqual(['third', 'second', 'first'])

    await replica.kill()
    await write('fourth')
    expect(await found()).toEqual(['fourth', 'third', 'second', 'first'])
    expect(reported).toContainEqual(expect.stringContaining('replica is not used'))

    await replica.start()
    const again = await scansOn(replica)
    await expect
      .poll(
        async () => {
          await found()
          return scansOn(replica)
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(again)
  },
)
