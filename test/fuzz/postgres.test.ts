import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPostgresLedger } from '../../src/ledger/postgres/open.js'
import { type PostgresServer, skipped, startPostgres, why } from '../fakes/postgres-server.js'
import { budget } from './budget.js'
import { casesOf } from './requests.js'
import { nameOf } from './routes.js'
import { openStage, type Stage } from './stage.js'
import { createTrier } from './try.js'

/** What applications and operators send, and the ledger keeps or searches for: texts and numbers that SQLite takes as they come. */
const KEEPS =
  /^\/v1\/(verifications|decisions|outcomes|hooks|admin)|^\/v2\/(Services|Attempts)(\/:ServiceSid\/Verif|\/:Sid$|$)|^\/v1\/console\/(decisions|lists|ranges|sources|incidents|audit|review)/

describe.skipIf(skipped)(`whatever is asked of a gateway on PostgreSQL${why}`, () => {
  let server: PostgresServer
  let stage: Stage
  beforeAll(async () => {
    server = await startPostgres()
    const url = await server.database()
    // a row that the database will not take is an error of ours: nothing may be tried again without end
    const onError = (error: Error) => {
      throw error
    }
    const ledger = await openPostgresLedger({ url, numbers: 'clear', onError })
    stage = await openStage(ledger)
  })
  afterAll(async () => {
    await stage?.close()
    await server?.close()
  })

  test('is answered as on the embedded ledger', async () => {
    const { tried, succeeded } = createTrier(stage)
    for (const route of stage.routes.filter(({ path }) => KEEPS.test(path))) {
      try {
        await fc.assert(
          fc.asyncProperty(casesOf(route), (one) => tried(route, one)),
          { ...budget(6), includeErrorInReport: true },
        )
      } catch (error) {
        throw new Error(nameOf(route), { cause: error })
      }
    }
    expect(succeeded.size).toBeGreaterThan(25)
    await stage.settle()
  })
})
