import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aCharged, aRequest, aVerification, T0 } from '../../../test/conformance/ledger-rows.js'
import {
  type PostgresServer,
  skipped,
  startPostgres,
  why,
} from '../../../test/fakes/postgres-server.js'
import type { Ledger } from '../port.js'
import { exactNumber } from './connection.js'
import { asLedgerError, placeOf } from './faults.js'
import { openPostgresLedger } from './open.js'

test('messages name host and database, never the password', () => {
  expect(placeOf('postgres://someone:secret@db.example/ledger?sslmode=verify-full')).toBe(
    'postgres db.example:5432/ledger',
  )
  expect(placeOf('not a url with secret')).not.toContain('secret')
})

test('numbers that would lose digits are refused', () => {
  expect(exactNumber('1795000000000')).toBe(1_795_000_000_000)
  expect(exactNumber('0.5')).toBe(0.5)
  expect(() => exactNumber('9007199254740993')).toThrow(/does not fit/)
})

test.each([
  ['53100', 'full'],
  ['XX001', 'corrupt'],
  ['55P03', 'locked'],
  ['57P01', 'lost'],
  ['58030', 'lost'],
])('%s is told as %s, with what to do', (code, fault) => {
  const told = asLedgerError(Object.assign(new Error('x'), { code, severity: 'ERROR' }), 'here')
  expect(told).toMatchObject({ fault, hint: expect.stringMatching(/^here: .+/) })
})

test('a bug in a query stays what it is', () => {
  const bug = Object.assign(new Error('column "x" does not exist'), { code: '42703' })
  expect(asLedgerError(bug, 'here')).toBe(bug)
})

describe.skipIf(skipped)(`faults of PostgreSQL${why}`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres({ max_connections: '20', superuser_reserved_connections: '3' })
  })
  afterAll(() => server?.close())

  const open = (url: string, more: object = {}) =>
    openPostgresLedger({
      url,
      numbers: 'clear',
      connectMs: 2_000,
      onError: () => undefined,
      ...more,
    })

  test('that keep it from being opened say what to mend', async () => {
    const url = await server.database()
    const { password } = new URL(url)
    const refusal = async (wrong: string, hint: RegExp) => {
      const told = await open(wrong).then(
        () => null,
        (error: unknown) => error,
      )
      expect(told).toMatchObject({
        name: 'LedgerError',
        fault: 'lost',
        hint: expect.stringMatching(hint),
      })
      expect(String(told)).not.toContain(password)
    }
    await refusal(url.replace(password, 'wrong'), /password is wrong/)
    await refusal(server.url('nowhere'), /no such database/)
    await refusal(url.replace(`:${server.port}/`, ':1/'), /nothing listens there/)
    await refusal(url.replace('127.0.0.1', 'no-such-host.invalid'), /host name/)
    await refusal(`${url}?sslmode=verify-full`, /TLS/)
  })

  test('of a standby: it takes no writes', async () => {
    const replica = await server.replica()
    await expect(open(replica.url('postgres'))).rejects.toMatchObject({
      fault: 'lost',
      hint: expect.stringContaining('primary'),
    })
  })

  test('of a lock that somebody holds are told in time and undo the whole', async () => {
    const url = await server.database()
    const ledger = await open(url, { statementMs: 300 })
    await ledger.commit([{ table: 'requests', row: aCharged('charged') }])
    const other = new pg.Client({ connectionString: url })
    await other.connect()
    await other.query('begin')
    await other.query('lock table requests')
    await expect(
      ledger.commit([{ table: 'requests', row: aRequest('refused') }]),
    ).rejects.toMatchObject({ fault: 'locked', hint: expect.stringContaining('took too long') })
    await expect(
      ledger.settle('charged', ['reserved'], 'lost', { kind: 'lost', at: T0 }),
    ).rejects.toMatchObject({ fault: 'locked' })
    await other.query('rollback')
    await other.end()
    await ledger.commit([{ table: 'requests', row: aRequest('after') }])
    expect(await ledger.request('refused')).toBeNull()
    expect((await ledger.request('charged'))?.credit).toBe('reserved')
    await ledger.close()
  })

  test('of too many connections are told, and pass', async () => {
    const url = await server.database()
    const ledger = await open(url, { poolSize: 2 })
    const others = Array.from({ length: 24 }, () => {
      const client = new pg.Client({ connectionString: server.url() })
      client.on('error', () => undefined)
      return client
    })
    try {
      const taken = await Promise.allSettled(others.map((client) => client.connect()))
      expect(taken.some(({ status }) => status === 'rejected')).toBe(true)
      await expect(open(url)).rejects.toMatchObject({
        fault: 'lost',
        hint: expect.stringContaining('max_connections'),
      })
    } finally {
      await Promise.all(others.map((client) => client.end().catch(() => undefined)))
    }
    await ledger.commit([{ table: 'requests', row: aRequest('after') }])
    await ledger.close()
  })

  test('a gateway that gets fewer connections than it may have works with those, and says what to set', async () => {
    const database = new URL(await server.database()).pathname.slice(1)
    await server.query(`alter database ${database} connection limit 4`)
    await server.query(`create role scarce login password 's'`)
    await server.query(`alter database ${database} owner to scarce`)
    const url = new URL(server.url(database))
    url.username = 'scarce'
    url.password = 's'
    const told: string[] = []
    const onError = ({ message }: Error) => void told.push(message)
    // who waits here waits for what hundreds of others ask: as long as a slow machine takes for that
    const patient = { onError, connectMs: 30_000 }
    const gateways = [await open(url.href, patient), await open(url.href, patient)]
    let refused = 0
    const work = async (ledger: Ledger, i: number) => {
      await ledger.commit([{ table: 'requests', row: aRequest(`few ${i}`) }])
      await Promise.all([ledger.request(`few ${i}`), ledger.requests({ limit: 1 })])
      if (!(await ledger.healthy())) refused++
    }
    await Promise.all(
      gateways.flatMap((ledger, g) =>
        Array.from({ length: 100 }, (_, i) => work(ledger, 100 * g + i)),
      ),
    )
    expect(refused).toBe(0)
    expect(await gateways[0]?.requests({ limit: 500 })).toHaveLength(200)
    expect(told.length).toBeGreaterThan(0)
    for (const text of told)
      expect(text).toMatch(/goes on with \d of [46]: raise max_connections .*tollgate doctor/)
    await expect(open(url.href)).rejects.toMatchObject({
      hint: expect.stringContaining('raise max_connections'),
    })
    await Promise.all(gateways.map((ledger) => ledger.close()))
  })

  test('strangers may send any character: what text cannot hold is replaced, and still found', async () => {
    const ledger = await open(await server.database())
    const deviceId = 'a\u0000b \uD800 \u{1F4F1}'
    await ledger.commit([
      { table: 'requests', row: aRequest('odd', { deviceId, userAgent: '\u0000' }) },
      { table: 'verifications', row: aVerification('odd', { context: { deviceId } }) },
    ])
    const { rows } = await ledger.search({ deviceId, limit: 5 })
    expect(rows.map((row) => row.id)).toEqual(['odd'])
    expect(rows[0]?.userAgent).toBe('\uFFFD')
    expect((await ledger.verification('odd'))?.context).toEqual({ deviceId })
    await ledger.close()
  })

  test('in its settings are refused, or do not matter', async () => {
    const url = await server.database()
    const database = new URL(url).pathname.slice(1)
    await server.query(`alter database ${database} set synchronous_commit = off`)
    await expect(open(url)).rejects.toThrow(/synchronous_commit = off.*set it to on/)
    await server.query(`alter database ${database} reset synchronous_commit`)
    await server.query(
      `alter database ${database} set default_transaction_isolation = 'serializable'`,
    )
    const ledger = await open(url)
    await ledger.commit([{ table: 'requests', row: aCharged('one') }])
    const settled = await Promise.all(
      [1, 2, 3, 4].map((at) => ledger.settle('one', ['reserved'], 'lost', { kind: 'lost', at })),
    )
    expect(settled.filter((won) => won !== null)).toHaveLength(1)
    expect(await ledger.rollUp(10, T0)).toBeGreaterThan(0)
    await ledger.close()
  })

  test('of a newer version, or of other numbers, are refused', async () => {
    const url = await server.database()
    await (await open(url)).close()
    await expect(open(url, { numbers: { hashedWith: Buffer.alloc(32, 1) } })).rejects.toThrow(
      /opened with numbers hashed/,
    )
    const database = new URL(url).pathname.slice(1)
    await server.query(`insert into migrations values (99, 'from-the-future', ${T0})`, database)
    await expect(open(url)).rejects.toThrow(/schema version 99 .*run the newer Tollgate/)
  })
})
