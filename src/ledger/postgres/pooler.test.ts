import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ledgerConformance } from '../../../test/conformance/ledger.js'
import { aCharged, aRequest, T0 } from '../../../test/conformance/ledger-rows.js'
import {
  skipped as noPooler,
  type Pooler,
  startPooler,
  why as whyPooler,
} from '../../../test/fakes/pgbouncer.js'
import {
  type PostgresServer,
  skipped,
  startPostgres,
  why,
} from '../../../test/fakes/postgres-server.js'
import type { Ledger } from '../port.js'
import { addressOf } from './address.js'
import { openPostgresLedger } from './open.js'

test('the address is read: what is ours is taken out, and TLS is as strict as it sounds', () => {
  const url = 'postgres://gate:p%40ss@db:6432/tollgate'
  expect(addressOf(url)).toEqual({ url, pooled: false })
  expect(addressOf(`${url}?pooler=transaction&sslmode=require`)).toEqual({
    url: `${url}?sslmode=verify-full`,
    pooled: true,
  })
  expect(addressOf(`${url}?sslmode=no-verify`).url).toContain('no-verify')
  expect(() => addressOf(`${url}?pooler=statement`)).toThrow(/transaction or none/)
})

const SETTINGS = [
  ...["statement_timeout = '10s'", "idle_in_transaction_session_timeout = '10s'", 'jit = off'],
  "default_transaction_isolation = 'read committed'",
]

describe.skipIf(skipped || noPooler)(`PgBouncer before PostgreSQL${why}${whyPooler}`, () => {
  let server: PostgresServer
  let pooler: Pooler
  /** drops what sessions are opened with, as poolers are told to */
  let careless: Pooler
  const ledgers: Ledger[] = []
  beforeAll(async () => {
    server = await startPostgres()
    await server.query(
      `create role gate login password 'gate'; create role plain login password 'plain'`,
    )
    for (const setting of SETTINGS) await server.query(`alter role gate set ${setting}`)
    const users = [
      { name: 'tollgate', password: new URL(server.url()).password },
      { name: 'gate', password: 'gate' },
      { name: 'plain', password: 'plain' },
    ]
    pooler = await startPooler(server, users)
    careless = await startPooler(server, users, [
      'ignore_startup_parameters = options,statement_timeout,idle_in_transaction_session_timeout',
    ])
  })
  afterEach(async () => {
    await Promise.all(ledgers.splice(0).map((ledger) => ledger.close()))
  })
  afterAll(async () => {
    await pooler?.close()
    await careless?.close()
    await server?.close()
  })

  const as = async (role: string): Promise<string> => {
    const url = new URL(await server.database())
    await server.query(`alter database ${url.pathname.slice(1)} owner to ${role}`)
    url.username = role
    url.password = role
    return url.href
  }
  const open = async (url: string, commitDelayMs = 1): Promise<Ledger> => {
    const ledger = await openPostgresLedger({
      ...{ url, numbers: 'clear', poolSize: 5, commitDelayMs, onError: () => undefined },
    })
    ledgers.push(ledger)
    return ledger
  }
  const refusal = (url: string): Promise<string> =>
    open(url).then(
      () => 'no fault',
      (error: unknown) => String(error instanceof Error && 'hint' in error ? error.hint : error),
    )

  test('several gateways write at once, and read the log without a gap', async () => {
    const url = `${pooler.through(await as('gate'))}?pooler=transaction`
    const gateways = await Promise.all([open(url), open(url), open(url)])
    const [first] = gateways as [Ledger, Ledger, Ledger]
    await first.commit([{ table: 'requests', row: aCharged('charged') }])
    const rows = Array.from({ length: 90 }, (_, i) => aRequest(`r${i}`))
    await Promise.all(
      rows.map((row, i) => (gateways[i % 3] as Ledger).commit([{ table: 'requests', row }])),
    )
    const settled = await Promise.all(
      gateways.map((ledger) =>
        ledger.settle('charged', ['reserved'], 'lost', { kind: 'lost', at: T0 }),
      ),
    )
    expect(settled.filter((won) => won !== null)).toHaveLength(1)
    expect((await first.search({ limit: 200 })).rows).toHaveLength(91)
    const holders = await Promise.all(
      gateways.map((ledger, i) => ledger.lease('leader', `${i}`, 60_000)),
    )
    expect(holders.filter(Boolean)).toHaveLength(1)
  })

  test('without being told of it, says what to write', async () => {
    const url = await as('plain')
    expect(await refusal(pooler.through(url))).toMatch(/pooler.*\?pooler=transaction in the URL/)
    const mend = (text: string) => text.slice(text.indexOf('alter role'))
    const told = await refusal(careless.through(url))
    expect(told).toMatch(/\?pooler=transaction in the URL: alter role plain set statement_timeout/)
    expect(mend(await refusal(`${pooler.through(url)}?pooler=transaction`))).toBe(mend(told))
    // what is to be pasted is enough
    await server.query(mend(told))
    expect(await refusal(`${careless.through(await as('plain'))}?pooler=transaction`)).toBe(
      'no fault',
    )
  })

  let shared = ''
  ledgerConformance('postgres behind a pooler', async () => {
    if (shared === '') {
      shared = `${pooler.through(await as('gate'))}?pooler=transaction`
      await (await open(shared)).close()
    }
    await server.empty(shared)
    return open(shared)
  })
})
