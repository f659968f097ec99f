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
import { checkSecret } from '../verify/secret-print.js'
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

  it('what a gateway would not start with: a secret of its own, a user who owns nothing, commits that may be lost', async () => {
    const url = await server.database()
    const database = new URL(url).pathname.slice(1)
    const ledger = await openPostgresLedger({ url, numbers: 'clear', onError: () => undefined })
    await checkSecret(ledger, Buffer.from('a'.repeat(64), 'hex'), Date.now())
    await ledger.close()
    const find = (secret: string, as = url) =>
      sharedLedger(
        { stores: { linesUrl: null, ledgerUrl: as, replicaUrl: null }, failure: DEFAULT_FAILURE },
        {
          ...{ out: () => undefined, err: () => undefined, progress: null, cwd: '/' },
          ...{ now: Date.now, env: { TOLLGATE_SECRET: secret.repeat(64) } },
        },
        as,
      )
    expect((await find('a')).state).toBe('ok')
    expect(await find('b')).toMatchObject({
      ...{ state: 'fail', found: expect.stringContaining('another secret') },
      mend: expect.stringContaining('TOLLGATE_SECRET'),
    })
    await server.query(
      `create role writer_${database} login password 'w' in role pg_write_all_data`,
    )
    const as = new URL(url)
    as.username = `writer_${database}`
    as.password = 'w'
    expect(await find('a', as.href)).toMatchObject({
      ...{ state: 'fail', found: expect.stringContaining('its tables belong to') },
    })
    as.password = 'guessed'
    expect((await find('a', as.href)).found).toMatch(/the password is wrong: check the user/)
    await server.query(`alter database ${database} set synchronous_commit = off`)
    expect(await find('a')).toMatchObject({
      ...{ state: 'fail', found: expect.stringContaining('synchronous_commit = off') },
    })
  })
})
