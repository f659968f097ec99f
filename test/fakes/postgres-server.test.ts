import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PostgresServer, skipped, startPostgres, why } from './postgres-server.js'

describe.skipIf(skipped)(`a PostgreSQL of the tests${why}`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, 60_000)
  afterAll(() => server?.close())

  test('keeps what was committed over kill -9, and a stop', async () => {
    await server.database()
    await server.query('create table kept (n int)')
    await server.query('insert into kept values (1)')
    await server.kill()
    await expect(server.query('select 1')).rejects.toThrow()
    await server.start()
    await server.stop()
    await server.start()
    expect(await server.query('select n from kept')).toEqual([{ n: 1 }])
  })

  test('a replica follows', async () => {
    const replica = await server.replica()
    await server.query('create table followed (n int)')
    await expect
      .poll(() => replica.query("select to_regclass('followed')::text as name"), {
        timeout: 20_000,
      })
      .toEqual([{ name: 'followed' }])
    await expect(replica.query('insert into followed values (1)')).rejects.toThrow(/read-only/)
  }, 60_000)
})
