import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  skipped as noPooler,
  type Pooler,
  startPooler,
  why as whyPooler,
} from '../../test/fakes/pgbouncer.js'
import {
  type PostgresServer,
  skipped,
  startPostgres,
  why,
} from '../../test/fakes/postgres-server.js'
import { DEFAULT_FAILURE } from '../verify/failure.js'
import { sharedLedger } from './doctor-stores.js'
import type { Terminal } from './terminal.js'

describe.skipIf(skipped || noPooler)(`doctor behind a pooler${why}${whyPooler}`, () => {
  let server: PostgresServer
  let pooler: Pooler
  beforeAll(async () => {
    server = await startPostgres()
    const { password } = new URL(server.url())
    pooler = await startPooler(server, [{ name: 'tollgate', password }])
  })
  afterAll(async () => {
    await pooler?.close()
    await server?.close()
  })

  it('looks at the server through it', async () => {
    const stores = { linesUrl: 'redis://r', ledgerUrl: null, replicaUrl: null }
    const config = { stores, failure: DEFAULT_FAILURE }
    const url = `${pooler.through(await server.database())}?pooler=transaction`
    const terminal = { now: Date.now } as Terminal
    expect(await sharedLedger(config, terminal, url)).toMatchObject({
      state: 'ok',
      found: expect.stringContaining(`127.0.0.1:${pooler.port}`),
    })
  })
})
