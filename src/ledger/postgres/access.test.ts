import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aCharged, aRequest, T0 } from '../../../test/conformance/ledger-rows.js'
import {
  type Authority,
  authority,
  skipped as noOpenssl,
  why as whyOpenssl,
} from '../../../test/fakes/certificates.js'
import {
  type PostgresServer,
  skipped,
  startPostgres,
  why,
} from '../../../test/fakes/postgres-server.js'
import { DAY } from '../../engine/units.js'
import type { Ledger } from '../port.js'
import { openPostgresLedger, type PostgresLedgerOptions } from './open.js'

const ledgers: Ledger[] = []
async function open(url: string, more: Partial<PostgresLedgerOptions> = {}): Promise<Ledger> {
  const ledger = await openPostgresLedger({
    ...{ url, numbers: 'clear', connectMs: 3_000, poolSize: 3, onError: () => undefined },
    ...more,
  })
  ledgers.push(ledger)
  return ledger
}
afterEach(async () => {
  await Promise.all(ledgers.splice(0).map((ledger) => ledger.close()))
})
const refusal = (url: string): Promise<string> =>
  open(url).then(
    () => 'no fault',
    (error: unknown) => String(error instanceof Error && 'hint' in error ? error.hint : error),
  )

describe.skipIf(skipped || noOpenssl)(`PostgreSQL over TLS${why}${whyOpenssl}`, () => {
  let own: Authority
  let stranger: Authority
  const servers: PostgresServer[] = []
  beforeAll(() => {
    own = authority()
    stranger = authority('another authority')
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()))
    own?.remove()
    stranger?.remove()
  })
  const start = async (names: string[], days?: number): Promise<PostgresServer> => {
    const server = await startPostgres({}, own.sign(`of ${names} ${days}`, names, days))
    servers.push(server)
    return server
  }

  test.each(['require', 'verify-ca', 'verify-full'])(
    'sslmode=%s trusts nobody else',
    async (mode) => {
      const server = servers[0] ?? (await start(['localhost']))
      const url = (await server.database()).replace('127.0.0.1', 'localhost')
      const with_ = (ca: string, at = url) => `${at}?sslmode=${mode}&sslrootcert=${ca}`
      const warned: string[] = []
      const listen = (warning: Error) => void warned.push(warning.message)
      process.on('warning', listen)
      await open(with_(own.ca.cert))
      const [row] = await server.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_ssl join pg_stat_activity using (pid)
        where application_name = 'tollgate' and not ssl`,
      )
      expect(row?.n).toBe(0)
      expect(await refusal(with_(stranger.ca.cert))).toMatch(
        /authority that is not known.*sslrootcert/,
      )
      expect(await refusal(`${url}?sslmode=${mode}`)).toMatch(/authority that is not known/)
      expect(await refusal(with_(own.ca.cert, url.replace('localhost', '127.0.0.1')))).toMatch(
        /certificate is for another host/,
      )
      expect(await refusal(with_('/no/such/file'))).toMatch(/no\/such\/file/)
      process.off('warning', listen)
      expect(warned.join()).not.toMatch(/SSL modes/)
    },
  )

  test('a certificate that has expired is told', async () => {
    const server = await start(['localhost'], -1)
    const url = server.url('postgres').replace('127.0.0.1', 'localhost')
    expect(await refusal(`${url}?sslmode=verify-full&sslrootcert=${own.ca.cert}`)).toMatch(
      /certificate has expired/,
    )
  })
})

describe.skipIf(skipped)(`roles of PostgreSQL${why}`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
    await server.query(`create role ledger_owner nologin;
      create role gate login password 'gate' in role ledger_owner;
      create role helper login password 'helper';
      create role reader login password 'reader' in role pg_read_all_data`)
  })
  afterAll(() => server?.close())

  const databaseOf = async (owner: string) => {
    const url = await server.database()
    const database = new URL(url).pathname.slice(1)
    await server.query(`alter database ${database} owner to ${owner}`)
    const as = (role: string) => {
      const address = new URL(url)
      address.username = role
      address.password = role
      return address.href
    }
    return { database, as }
  }
  /** All that needs rights: rows, days to come, days that go, documents. */
  const everything = async (ledger: Ledger) => {
    await ledger.commit([{ table: 'requests', row: aCharged('charged') }])
    expect(await ledger.settle('charged', ['reserved'], 'lost', { kind: 'lost', at: T0 })).not.toBe(
      null,
    )
    await ledger.rollUp(10, T0 + DAY)
    await ledger.retain({ requests: DAY, verifications: DAY }, T0 + 40 * DAY)
  }

  test('the owner of the database, with no other right, does everything', async () => {
    const { as } = await databaseOf('gate')
    await everything(await open(as('gate')))
  })

  test('another role of the owner does, where its sessions take the place of the owner', async () => {
    const { database, as } = await databaseOf('ledger_owner')
    await server.query(`alter role gate in database ${database} set role = ledger_owner`)
    await everything(await open(as('gate')))
    const [row] = await server.query<{ owner: string }>(
      `select pg_get_userbyid(relowner) as owner from pg_class where relname = 'requests'`,
      database,
    )
    expect(row?.owner).toBe('ledger_owner')
  })

  test('a role that may write rows and make no days is refused at once, not in four days', async () => {
    const { database, as } = await databaseOf('gate')
    await (await open(as('gate'))).close()
    await server.query(
      'grant select, insert, update, delete on all tables in schema public to helper',
      database,
    )
    await server.query('grant create on schema public to helper', database)
    await server.query('grant usage, select on all sequences in schema public to helper', database)
    expect(await refusal(as('helper'))).toMatch(
      /belong to gate, and helper could not make .* grant gate to helper; alter role helper set role = gate/,
    )
    await server.query('grant gate to helper; alter role helper set role = gate')
    await everything(await open(as('helper')))
  })

  test('the replica is read by a role that only reads', async () => {
    const { as } = await databaseOf('gate')
    const told: string[] = []
    const ledger = await open(as('gate'), {
      replicaUrl: as('reader'),
      onError: ({ message }) => told.push(message),
    })
    await ledger.commit([{ table: 'requests', row: aRequest('seen') }])
    const { rows } = await ledger.search({ limit: 5 })
    expect(rows.map(({ id }) => id)).toEqual(['seen'])
    expect(told).toEqual([])
  })

  test('a role that may not log in or make tables is told', async () => {
    const { as } = await databaseOf('gate')
    expect(await refusal(as('helper').replace('helper:helper', 'helper:wrong'))).toMatch(
      /password is wrong/,
    )
    expect(await refusal(as('reader'))).toMatch(/may not do that.*owner/)
  })
})
