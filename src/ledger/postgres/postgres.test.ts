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
  let url: string
  beforeAll(async () => {
    server = await startPostgres()
    url = await server.database()
    await (await open('clear')).close()
  })
  afterAll(() => server?.close())

  const open = (numbers: NumbersOption, clock?: () => number) =>
    openPostgresLedger({
      url,
      numbers,
      poolSize: 5,
      commitDelayMs: 1,
      ...(clock !== undefined && { clock }),
    })

  /** One database for all: to make one takes longer than most tests. */
  async function opened(numbers: NumbersOption, clock?: () => number) {
    await server.empty(url)
    return open(numbers, clock)
  }

  ledgerConformance('postgres', () => opened('clear'))
  ledgerConformance('postgres, numbers encrypted', () => opened(ENCRYPTED))

  consoleConformance(
    'postgres',
    async (clock) => {
      let ledger = await opened('clear', clock)
      return {
        ledger,
        async again() {
          await ledger.close()
          ledger = await open('clear', clock)
          return ledger
        },
      }
    },
    HISTORIES,
  )
})
