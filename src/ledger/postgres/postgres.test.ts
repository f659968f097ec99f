import { afterAll, beforeAll, describe } from 'vitest'
import { ledgerConformance } from '../../../test/conformance/ledger.js'
import { consoleConformance } from '../../../test/conformance/ledger-console.js'
import {
  type PostgresServer,
  skipped,
  startPostgres,
  why,
} from '../../../test/fakes/postgres-server.js'
import type { NumbersOption } from '../numbers.js'
import { openPostgresLedger } from './open.js'

/** Of roll-ups; each is a database of its own. */
const HISTORIES = 8
const ENCRYPTED = {
  hashedWith: Buffer.alloc(32, 7),
  encryptedWith: { from: 'here', keys: [{ id: 'k1', secret: Buffer.alloc(32, 8) }] },
}

describe.skipIf(skipped)(`PostgreSQL${why}`, () => {
  let server: PostgresServer
  let migrated: string
  beforeAll(async () => {
    server = await startPostgres()
    const url = await server.database()
    await (await openPostgresLedger({ url, numbers: 'clear' })).close()
    await server.query(`delete from meta where name = 'numbers'`, new URL(url).pathname.slice(1))
    migrated = new URL(url).pathname.slice(1)
  })
  afterAll(() => server?.close())

  const open = async (numbers: NumbersOption, clock?: () => number, url?: string) =>
    openPostgresLedger({
      url: url ?? (await server.database(migrated)),
      numbers,
      poolSize: 5,
      commitDelayMs: 1,
      ...(clock !== undefined && { clock }),
    })

  ledgerConformance('postgres', () => open('clear'))
  ledgerConformance('postgres, numbers encrypted', () => open(ENCRYPTED))

  consoleConformance(
    'postgres',
    async (clock) => {
      const url = await server.database(migrated)
      let ledger = await open('clear', clock, url)
      return {
        ledger,
        async again() {
          await ledger.close()
          ledger = await open('clear', clock, url)
          return ledger
        },
      }
    },
    HISTORIES,
  )
})
