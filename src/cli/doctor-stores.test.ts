import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type PostgresServer,
  skipped,
  startPostgres,
  why,
} from '../../test/fakes/postgres-server.js'
import { createRoster } from '../cluster/roster.js'
import { openPostgresLedger } from '../ledger/postgres/open.js'
import { DEFAULT_FAILURE } from '../verify/failure.js'
import { sharedLedger } from './doctor-stores.js'

describe.skipIf(skipped)(`what doctor finds in a shared ledger${why}`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.close())

  it('gateways that run, and that they are more than share the credit', async () => {
    const url = await server.database()
    const stores = { linesUrl: 'redis://lines', ledgerUrl: url, replicaUrl: null }
    const terminal = { ...{ out: () => undefined, err: () => undefined, progress: null }, env: {} }
    const find = () =>
      sharedLedger(
        { stores, failure: DEFAULT_FAILURE },
        { ...terminal, cwd: '/', now: Date.now },
        url,
      )
    expect(await find()).toMatchObject({ state: 'ok', found: expect.stringContaining('is empty') })

    const ledger = await openPostgresLedger({ url, numbers: 'clear', onError: () => undefined })
    const run = (gateway: string) =>
      createRoster({
        ...{ ledger, holder: gateway, gateways: 2, clock: Date.now, warn: () => undefined },
        self: { gateway, share: 1 / 2 },
      }).job.run()
    for (const gateway of ['a', 'b']) await run(gateway)
    expect(await find()).toMatchObject({
      ...{ state: 'ok', found: expect.stringContaining('2 gateways run') },
    })
    await run('c')
    expect(await find()).toMatchObject({
      ...{ state: 'warn', found: expect.stringContaining('150 % of the credit') },
      mend: expect.stringContaining('failure.gateways'),
    })
    await ledger.close()
  })
})
