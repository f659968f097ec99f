import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aRequest } from '../../../test/conformance/ledger-rows.js'
import {
  type PostgresServer,
  skipped,
  startPostgres,
  why,
} from '../../../test/fakes/postgres-server.js'
import { openPostgresLedger } from './open.js'

const OLD = { id: '2025', secret: Buffer.alloc(32, 1) }
const NEW = { id: '2026', secret: Buffer.alloc(32, 2) }
type Key = typeof OLD

describe.skipIf(skipped)(`encrypted numbers in PostgreSQL${why}`, () => {
  let server: PostgresServer
  let url: string
  beforeAll(async () => {
    server = await startPostgres()
    url = await server.database()
  })
  afterAll(() => server?.close())
  const opened = (...keys: Key[]) =>
    openPostgresLedger({
      url,
      commitDelayMs: 1,
      numbers: { hashedWith: Buffer.alloc(32, 7), encryptedWith: { from: 'number.keys', keys } },
    })

  test('are sealed again by two gateways at once while they write, and need the old key no more', async () => {
    const number = (i: number) => `+23480312${String(10_000 + i)}`
    const before = await opened(OLD)
    await before.commit(
      Array.from({ length: 450 }, (_, i) => ({
        table: 'requests' as const,
        row: aRequest(`r${i}`, { number: number(i) }),
      })),
    )
    await before.close()
    await expect(opened(NEW)).rejects.toThrow(
      /sealed with the key 2025, which number\.keys does not/,
    )

    const [one, two] = await Promise.all([opened(NEW, OLD), opened(NEW, OLD)])
    expect(await one.privacy.reseal(100)).toBe(100)
    await Promise.all([
      one.privacy.reseal(1_000),
      two.privacy.reseal(1_000),
      two.commit([{ table: 'requests', row: aRequest('late', { number: '+447700900123' }) }]),
    ])
    expect(await one.privacy.reseal(1_000)).toBe(0)
    expect((await two.privacy.numberKeys()).map(({ id, rows }) => [id, rows])).toEqual([
      ['2026', 451],
      ['2025', 0],
    ])
    await Promise.all([one.close(), two.close()])
    const after = await opened(NEW)
    for (const i of [0, 199, 449]) expect((await after.request(`r${i}`))?.number).toBe(number(i))
    expect((await after.request('late'))?.number).toBe('+447700900123')
    await after.close()
    const rows = await server.query(
      'select number from requests limit 5',
      new URL(url).pathname.slice(1),
    )
    expect(JSON.stringify(rows)).not.toContain('80312')
  })
})
