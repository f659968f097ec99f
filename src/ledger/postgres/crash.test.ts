import { createServer, type Server, type Socket, connect as tcp } from 'node:net'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aCharged, aRequest, aSend, T0 } from '../../../test/conformance/ledger-rows.js'
import {
  type PostgresServer,
  skipped,
  startPostgres,
  why,
} from '../../../test/fakes/postgres-server.js'
import { type Append, type Ledger, LedgerError } from '../port.js'
import { openPostgresLedger, type PostgresLedgerOptions } from './open.js'

const requestRow = (id: string): Append => ({ table: 'requests', row: aRequest(id) })
const idsIn = async (ledger: Ledger) =>
  new Set((await ledger.requests({ limit: 100_000 })).map((row) => row.id))

/** A wire to the server that can swallow what the server says. */
async function wireTo(port: number) {
  let deaf = false
  const sockets = new Set<Socket>()
  const server: Server = createServer((client) => {
    const upstream = tcp(port, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    client.pipe(upstream)
    upstream.on('data', (chunk) => {
      if (deaf) client.destroy()
      else client.write(chunk)
    })
    upstream.on('close', () => client.destroy())
    client.on('close', () => upstream.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    /** The server still hears and does everything; its next answer breaks the connection. */
    swallow(on: boolean) {
      deaf = on
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe.skipIf(skipped)(`PostgreSQL going away${why}`, () => {
  let server: PostgresServer
  const opened: { close(): Promise<void> }[] = []
  const keep = <T extends { close(): Promise<void> }>(each: T): T => {
    opened.unshift(each)
    return each
  }
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close().catch(() => undefined)
  })
  afterAll(() => server?.close())

  /** A ledger at the other end of a wire, with a row in it. */
  async function wired(limits: Pick<PostgresLedgerOptions, 'statementMs' | 'resolveMs'> = {}) {
    const wire = keep(await wireTo(server.port))
    const url = await server.database()
    const ledger = keep(
      await openPostgresLedger({
        url: url.replace(`:${server.port}/`, `:${wire.port}/`),
        numbers: 'clear',
        onError: () => undefined,
        ...limits,
      }),
    )
    await ledger.commit([requestRow('before')])
    return { wire, url, ledger }
  }

  test('kill -9 under load, twice: nothing that was acknowledged is lost, nothing that was refused is there', async () => {
    const reported: Error[] = []
    const ledger = keep(
      await openPostgresLedger({
        url: await server.database(),
        numbers: 'clear',
        commitDelayMs: 1,
        onError: (error) => reported.push(error),
      }),
    )
    const acknowledged = new Set<string>()
    const refused = new Set<string>()
    const appended = new Set<string>()
    const settled = new Set<string>()
    let running = true
    const caller = async (name: number) => {
      for (let i = 0; running; i++) {
        const id = `${name}-${i}`
        appended.add(`a${id}`)
        ledger.append([requestRow(`a${id}`)])
        try {
          await ledger.commit([
            { table: 'requests', row: aCharged(id) },
            { table: 'sends', row: aSend(id, { requestId: id }) },
          ])
          acknowledged.add(id)
          const won = await ledger.settle(id, ['reserved'], 'lost', { kind: 'lost', at: T0 })
          if (won !== null) settled.add(id)
        } catch (error) {
          expect(error).toBeInstanceOf(LedgerError)
          if (!acknowledged.has(id)) refused.add(id)
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
      }
    }
    const callers = Array.from({ length: 8 }, (_, i) => caller(i))
    for (const round of [1, 2]) {
      await expect.poll(() => acknowledged.size, { timeout: 30_000 }).toBeGreaterThan(150 * round)
      await server.kill()
      const before = refused.size
      await expect.poll(() => refused.size, { timeout: 30_000 }).toBeGreaterThan(before + 10)
      await server.start()
    }
    const back = acknowledged.size
    await expect.poll(() => acknowledged.size, { timeout: 30_000 }).toBeGreaterThan(back + 50)
    running = false
    await Promise.all(callers)
    await ledger.commit()

    const stored = new Map((await ledger.requests({ limit: 100_000 })).map((row) => [row.id, row]))
    for (const id of acknowledged) expect(stored.has(id), `acknowledged ${id}`).toBe(true)
    for (const id of refused) expect(stored.has(id), `refused ${id}`).toBe(false)
    for (const id of appended) expect(stored.has(id), `appended ${id}`).toBe(true)
    for (const id of settled) expect(stored.get(id)?.credit).toBe('lost')
    const sent = new Set((await ledger.sends('verification-1')).map((send) => send.requestId))
    expect(sent).toEqual(acknowledged)
    for (const { id, credit } of stored.values()) {
      const steps = credit === 'lost' ? ['lost'] : []
      expect((await ledger.outcomesOf(id)).map(({ to }) => to)).toEqual(steps)
    }
    expect(reported.length).toBeLessThan(20)
  })

  test('an answer that is lost on the way: those who wait learn what became of their rows', async () => {
    const { wire, url, ledger } = await wired()
    wire.swallow(true)
    const committed = ledger.commit([requestRow('lost answer')])
    const watcher = keep(await openPostgresLedger({ url, numbers: 'clear' }))
    // it was written, and only the answer is missing
    await expect.poll(() => watcher.request('lost answer'), { timeout: 10_000 }).not.toBeNull()
    wire.swallow(false)
    await committed
    expect(await idsIn(ledger)).toEqual(new Set(['before', 'lost answer']))
    await ledger.commit([requestRow('after')])
    expect((await watcher.request('after'))?.id).toBe('after')
  })

  test('given up before it is known: what was refused is taken back, what was only appended stays, once', async () => {
    const { wire, url, ledger } = await wired({ resolveMs: 0 })
    wire.swallow(true)
    const outcome = { at: T0, requestId: 'kept', kind: 'delivered', detail: null } as const
    ledger.append([
      requestRow('kept'),
      { table: 'outcomes', row: { ...outcome, from: 'none', to: 'none' } },
    ])
    const refused: Append[] = [
      requestRow('refused'),
      { table: 'sends', row: aSend('refused', { requestId: 'refused' }) },
      { table: 'outcomes', row: { ...outcome, from: 'none', to: 'none' } },
      { table: 'actions', row: { at: T0, actor: 'a', action: 'b', target: 'c', detail: null } },
    ]
    await expect(ledger.commit(refused)).rejects.toMatchObject({ fault: 'lost' })
    const watcher = keep(await openPostgresLedger({ url, numbers: 'clear' }))
    await expect.poll(() => watcher.request('refused'), { timeout: 10_000 }).not.toBeNull()
    wire.swallow(false)
    // the connection that is asked first may be one that was swallowed
    await expect
      .poll(() => ledger.commit().then(() => 'written'), { timeout: 10_000 })
      .toBe('written')
    expect(await idsIn(watcher)).toEqual(new Set(['before', 'kept']))
    expect(await watcher.outcomesOf('kept')).toHaveLength(1)
    expect(await watcher.send('refused')).toBeNull()
    expect(await watcher.actions(10)).toEqual([])
  })

  test('an answer is lost, and the one to the question whether it was written too: what was appended is written once', async () => {
    const { wire, url, ledger } = await wired({ statementMs: 500, resolveMs: 0 })
    // the batch waits until the server ends it; the question goes another way, is heard, and is not answered
    const holder = new pg.Client({ connectionString: url })
    await holder.connect()
    for (const name of ['one', 'two']) {
      await holder.query('begin')
      await holder.query('lock table requests in share row exclusive mode')
      ledger.append([requestRow(name)])
      const told = ledger.commit([requestRow(`${name} refused`)])
      wire.swallow(true)
      await expect(told).rejects.toMatchObject({ fault: 'lost' })
      wire.swallow(false)
      await holder.query('commit')
      await expect
        .poll(() => ledger.commit().then(() => 'written'), { timeout: 10_000 })
        .toBe('written')
    }
    await holder.end()
    expect(await idsIn(ledger)).toEqual(new Set(['before', 'one', 'two']))
    expect(await ledger.requests({ limit: 10 })).toHaveLength(3)
  })

  test('a server that stands still: callers are told in time, and what was still on its way is never written', async () => {
    const url = await server.database()
    const ledger = keep(
      await openPostgresLedger({
        url,
        numbers: 'clear',
        onError: () => undefined,
        connectMs: 200,
        statementMs: 300,
        resolveMs: 0,
      }),
    )
    await ledger.commit([requestRow('before')])
    server.pause()
    try {
      ledger.append([requestRow('kept')])
      await expect(ledger.commit([requestRow('refused')])).rejects.toMatchObject({ fault: 'lost' })
      expect(await ledger.healthy()).toBe(false)
    } finally {
      server.resume()
    }
    await expect
      .poll(() => ledger.commit([requestRow('after')]).then(() => 'told'), { timeout: 10_000 })
      .toBe('told')
    expect(await idsIn(ledger)).toEqual(new Set(['before', 'kept', 'after']))
  })
})
