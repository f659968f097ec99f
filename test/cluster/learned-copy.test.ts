import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { skipped as noPostgres, why as whyPostgres } from '../fakes/postgres-server.js'
import { skipped as noRedis, until, why as whyRedis } from '../fakes/redis-server.js'
import type { GatewayProcess } from './gateway-process.js'
import { startTopology, type Topology } from './topology.js'

let cluster: Topology
let leading: GatewayProcess

const query = <Row extends object>(sql: string): Promise<Row[]> =>
  cluster.postgres.query<Row>(sql, new URL(cluster.ledgerUrl).pathname.slice(1))

/** What is learned, as it stands in the documents of the ledger. */
async function copy(): Promise<{ text: string; pieces: number }> {
  const rows = await query<{ body: string }>(
    `select body from documents where kind = 'learned-piece'`,
  )
  const pieces = rows.map(({ body }) => JSON.parse(body) as { place: number; text: string })
  const text = pieces
    .toSorted((a, b) => a.place - b.place)
    .map((piece) => piece.text)
    .join('')
  return {
    text: text === '' ? '' : gunzipSync(Buffer.from(text, 'base64url')).toString(),
    pieces: pieces.length,
  }
}

describe.skipIf(noPostgres || noRedis)(
  `what gateways learned, in PostgreSQL${whyPostgres}${whyRedis}`,
  () => {
    const numbers = Array.from({ length: 12 }, (_, i) => `+234803${1_230_000 + 7 * i}`)

    beforeAll(async () => {
      cluster = await startTopology({ names: ['a'] })
      leading = cluster.gateways[0] as GatewayProcess
    }, 240_000)
    afterAll(() => cluster?.close())

    it('a gateway of a young cluster that is stopped leaves it for whoever has no past', async () => {
      await until(
        'it leads',
        async () => (await query(`select from leases where name = 'leader'`)).length > 0,
      )
      for (const to of numbers) {
        const { body } = await leading.call('POST', '/v1/verifications', { service: 'signup', to })
        const [code = ''] = cluster.codesFor(to)
        await leading.call('POST', `/v1/verifications/${body.id}/check`, { code })
      }
      expect((await copy()).pieces).toBe(0)
      const before = Date.now()
      expect(await leading.stop()).toBe(0)
      expect((await copy()).pieces).toBeGreaterThan(0)

      const newcomer = cluster.gateway('b')
      await newcomer.start()
      const { snapshotAt, learned } = newcomer.greeting.restored
      expect(snapshotAt).toBeGreaterThanOrEqual(before)
      expect(learned).toBe(0)
    }, 60_000)

    it('has no phone number in it', async () => {
      const { text } = await copy()
      expect(text.length).toBeGreaterThan(1_000)
      for (const number of numbers) expect(text).not.toContain(number.slice(4))
    })

    it('is no longer believed when a piece is missing: the log is read', async () => {
      await query(`delete from documents where kind = 'learned-piece'`)
      const newcomer = cluster.gateway('c')
      await newcomer.start()
      const { snapshotAt, learned } = newcomer.greeting.restored
      expect(snapshotAt).toBeNull()
      // requests and what became of them
      expect(learned).toBeGreaterThanOrEqual(2 * numbers.length)
    }, 60_000)
  },
)
