import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type PostgresServer,
  skipped,
  startPostgres,
  why,
} from '../../test/fakes/postgres-server.js'
import { openPostgresLedger } from '../ledger/postgres/open.js'
import { DEFAULT_FAILURE } from '../verify/failure.js'
import { connectionsFor, ledgerConnections } from './doctor-connections.js'

it('what is needed is ten a gateway, two gateways more, and some for others', () => {
  expect(connectionsFor(9, { reserved: 3, others: 0 })).toBe(123)
  expect(connectionsFor(2, { reserved: 3, others: 40 })).toBe(83)
})

describe.skipIf(skipped)(`doctor counts connections${why}`, () => {
  let server: PostgresServer
  let url: string
  beforeAll(async () => {
    server = await startPostgres({ max_connections: '63' })
    url = await server.database()
  })
  afterAll(() => server?.close())

  const find = (gateways: number, ledgerUrl: string | null = url) =>
    ledgerConnections({
      stores: { linesUrl: 'redis://lines', ledgerUrl, replicaUrl: null },
      failure: { ...DEFAULT_FAILURE, gateways },
    })

  it('that are allowed and used, and how many gateways fit', async () => {
    // who made the database may not be gone from the server's list
    expect(await find(3)).toEqual({
      ...{ name: 'connections', state: 'ok', mend: null },
      found: expect.stringMatching(
        /^(59|60) of PostgreSQL's 63 are for gateways, which use 0 now; at up to 10 each [56] fit$/,
      ),
    })
    const other = new pg.Client({ connectionString: url })
    await other.connect()
    const ledger = await openPostgresLedger({ url, numbers: 'clear', onError: () => undefined })
    expect(await find(4)).toMatchObject({
      state: 'warn',
      found: expect.stringMatching(
        /^5[89] of .* use [1-9] now; .* 5 fit: failure.gateways is 4, and while they are replaced 2 more run$/,
      ),
      mend: expect.stringContaining('max_connections to 73 or more and restart'),
    })
    await ledger.close()
    await other.end()
  })

  it('that a database or a user may have', async () => {
    const database = new URL(url).pathname.slice(1)
    await server.query(`alter database ${database} connection limit 25`)
    expect(await find(2)).toMatchObject({
      found: expect.stringContaining('2 fit'),
      mend: expect.stringContaining('the connection limit of the database to 40'),
    })
  })

  it('not behind a pooler, nor where the ledger is a file', async () => {
    expect(await find(2, `${url}?pooler=transaction`)).toBeNull()
    expect(await find(2, null)).toBeNull()
  })

  it('none of which is left', async () => {
    const others = Array.from({ length: 70 }, () => new pg.Client({ connectionString: url }))
    const all = await Promise.allSettled(
      others.map(async (client) => {
        client.on('error', () => undefined)
        await client.connect()
      }),
    )
    expect(all.some(({ status }) => status === 'rejected')).toBe(true)
    expect(await find(2)).toMatchObject({
      ...{ state: 'fail', found: expect.stringContaining('no connection left') },
    })
    await Promise.all(others.map((client) => client.end().catch(() => undefined)))
  })
})
