import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  aCharged,
  anOutcome,
  aRequest,
  aSend,
  aVerification,
} from '../../../test/conformance/ledger-rows.js'
import {
  type PostgresServer,
  skipped,
  startPostgres,
  why,
} from '../../../test/fakes/postgres-server.js'
import { DAY } from '../../engine/units.js'
import type { Append } from '../port.js'
import { type IdPrefix, timedId, timeOf } from '../timed-id.js'
import { openPostgresLedger } from './open.js'

const TODAY = Date.UTC(2026, 10, 20)
let drawn = 0
const random = (bytes: number) =>
  Buffer.from((++drawn).toString(16).padStart(2 * bytes, '0'), 'hex')
const id = (prefix: IdPrefix, at: number) => timedId(prefix, at, random)

test('ids tell when they were made, and ascend with time', () => {
  const [early, late] = [id('dec', 1), id('dec', TODAY)]
  expect([early, late].map(timeOf)).toEqual([1, TODAY])
  expect(early < late).toBe(true)
  expect(timeOf('dec_somebody-elses')).toBeNull()
})

describe.skipIf(skipped)(`days of PostgreSQL${why}`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.close())
  afterEach(() => vi.useRealTimers())

  async function opened(now = TODAY + DAY / 2) {
    const clock = { now }
    const url = await server.database()
    const database = new URL(url).pathname.slice(1)
    const ledger = await openPostgresLedger({ url, numbers: 'clear', clock: () => clock.now })
    const daysOf = async (table: string) =>
      (
        await server.query<{ name: string }>(
          `select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
           where inhparent = '${table}'::regclass order by 1`,
          database,
        )
      ).map(({ name }) => name.slice(table.length + 1))
    const rowsIn = async (table: string) =>
      Number((await server.query(`select count(*) as n from ${table}`, database))[0]?.n)
    return { clock, ledger, url, daysOf, rowsIn }
  }

  test('what stays of a day that another gateway dropped is found and changed as before', async () => {
    const { clock, ledger, url, daysOf } = await opened()
    const at = clock.now
    const [request, verification, message] = [id('dec', at), id('ver', at), id('msg', at)]
    const stays: Append[] = [
      { table: 'requests', row: aCharged(request, { at, verificationId: verification }) },
      { table: 'verifications', row: aVerification(verification, { status: 'sent' }) },
      { table: 'sends', row: aSend(message, { requestId: request }) },
    ]
    await ledger.commit(stays)
    expect((await ledger.verification(verification))?.version).toBe(0)
    const other = await openPostgresLedger({ url, numbers: 'clear', clock: () => at + 9 * DAY })
    await other.retain({ requests: DAY, verifications: DAY }, at + 9 * DAY)
    expect(await daysOf('verifications')).not.toContain('20261120')
    for (const gateway of [ledger, other]) {
      const version = gateway === ledger ? 0 : 1
      expect((await gateway.verification(verification))?.version).toBe(version)
      expect(await gateway.updateVerification(verification, version, { checks: 1 })).toBe(true)
      expect(await gateway.updateVerification(verification, version, { checks: 2 })).toBe(false)
      await gateway.updateSend(message, { error: `told ${version}` })
      expect((await ledger.send(message))?.error).toBe(`told ${version}`)
    }
    const lost = () =>
      ledger.settle(request, ['reserved'], 'lost', { kind: 'lost', at, detail: 'late' })
    expect(await lost()).toMatchObject({ id: request, before: 'reserved' })
    expect(await ledger.request(request)).toMatchObject({ credit: 'lost' })
    expect(await lost()).toBeNull()
    expect(await ledger.outcomesOf(request)).toMatchObject([{ detail: 'late', from: 'reserved' }])
    await Promise.all([ledger.close(), other.close()])
  })

  test('a message of the first moment of a day is found though its request is of the last', async () => {
    const { ledger } = await opened()
    const [request, message] = [id('dec', TODAY + DAY - 1), id('msg', TODAY + DAY)]
    await ledger.commit([{ table: 'sends', row: aSend(message, { requestId: request }) }])
    await ledger.updateSend(message, { status: 'accepted', provider: 'p', providerId: 'SM1' })
    expect(await ledger.sendByProvider('p', 'SM1')).toMatchObject({ id: message })
    await ledger.close()
  })

  test('are made ahead of time, and when a row of another day comes; a row of any time is taken', async () => {
    const { clock, ledger, daysOf, rowsIn } = await opened()
    const ahead = ['20261119', '20261120', '20261121', '20261122', '20261123', '20261124']
    for (const table of ['requests', 'sends', 'outcomes', 'verifications', 'receipts'])
      expect(await daysOf(table)).toEqual([...ahead, 'other'])
    const ids = [
      id('dec', 5),
      id('dec', TODAY - 40 * DAY),
      id('dec', TODAY),
      id('dec', TODAY + 90 * DAY),
      'of nobody',
    ]
    await ledger.commit(ids.map((id) => ({ table: 'requests', row: aRequest(id) })))
    for (const each of ids) expect((await ledger.request(each))?.id).toBe(each)
    expect(await daysOf('requests')).toEqual(['20261011', ...ahead, 'other'])
    expect(await rowsIn('requests_other')).toBe(3)
    expect(await rowsIn('requests_20261120')).toBe(1)

    clock.now += 20 * DAY
    await ledger.retain({ requests: 400 * DAY, verifications: 400 * DAY }, clock.now)
    expect(await daysOf('requests')).toContain('20261214')
    await ledger.close()
  })

  test('a day whose rows came before it stays where they are', async () => {
    const { clock, ledger, daysOf, rowsIn } = await opened()
    const early = id('dec', TODAY + 10 * DAY)
    await ledger.commit([{ table: 'requests', row: aRequest(early) }])
    expect(await rowsIn('requests_other')).toBe(1)
    clock.now = TODAY + 10 * DAY
    const more = id('dec', TODAY + 10 * DAY + 1)
    await ledger.commit([{ table: 'requests', row: aRequest(more) }])
    expect(await rowsIn('requests_other')).toBe(2)
    expect(await daysOf('requests')).not.toContain('20261130')
    expect((await ledger.request(more))?.id).toBe(more)
    await ledger.close()
  })

  test('go in one piece when they are old; what is open and unsettled stays, with all that hangs on it', async () => {
    const { clock, ledger, daysOf, rowsIn } = await opened()
    const old = TODAY
    const at = { at: old }
    const open = id('ver', old)
    const revived = id('ver', old)
    const ended = id('ver', old)
    const reserved = id('dec', old)
    const ofOpen = id('dec', old)
    const message = id('msg', old)
    const rows: Append[] = [
      { table: 'verifications', row: aVerification(open, { status: 'held', createdAt: old }) },
      {
        table: 'verifications',
        row: aVerification(revived, {
          status: 'verified',
          createdAt: old,
          updatedAt: old + 60 * DAY,
        }),
      },
      {
        table: 'verifications',
        row: aVerification(ended, { status: 'expired', createdAt: old, updatedAt: old }),
      },
      { table: 'requests', row: aCharged(reserved, at) },
      { table: 'requests', row: aRequest(ofOpen, { ...at, verificationId: open }) },
      { table: 'sends', row: aSend(message, { ...at, requestId: reserved }) },
      { table: 'outcomes', row: anOutcome(reserved, at) },
      {
        table: 'receipts',
        row: { sendId: message, at: old, status: 'delivered', error: null, providerCode: null },
      },
    ]
    for (let i = 0; i < 20; i++) {
      const gone = id('dec', old + i)
      rows.push(
        {
          table: 'requests',
          row: aCharged(gone, { at: old, credit: 'lost', verificationId: ended }),
        },
        { table: 'sends', row: aSend(id('msg', old), { at: old, requestId: gone }) },
        { table: 'outcomes', row: anOutcome(gone, { at: old }) },
      )
    }
    await ledger.commit(rows)
    const before = await ledger.position()
    const [kept] = await ledger.charges(0, 1)

    clock.now = old + 91 * DAY
    await ledger.commit([{ table: 'requests', row: aRequest(id('dec', clock.now)) }])
    const deleted = await ledger.retain({ requests: 90 * DAY, verifications: 40 * DAY }, clock.now)
    expect(deleted).toMatchObject({ requests: 20, sends: 20, outcomes: 20, verifications: 1 })
    for (const table of ['requests', 'sends', 'outcomes', 'verifications', 'receipts']) {
      expect(await daysOf(table)).not.toContain('20261120')
      expect(await rowsIn(`${table}_other`)).toBe(
        table === 'requests' || table === 'verifications' ? 2 : 1,
      )
    }
    expect((await ledger.request(reserved))?.credit).toBe('reserved')
    expect(await ledger.outcomesOf(reserved)).toHaveLength(1)
    expect((await ledger.send(message))?.requestId).toBe(reserved)
    expect((await ledger.verification(open))?.status).toBe('held')
    expect((await ledger.verification(revived))?.status).toBe('verified')
    expect(await ledger.verification(ended)).toBeNull()
    expect(
      (await ledger.requests({ verificationId: open, limit: 5 })).map((row) => row.id),
    ).toEqual([ofOpen])
    // what was kept is not new to whoever has read it
    expect((await ledger.charges(0, 1))[0]?.seq).toBe(kept?.seq)
    expect(await ledger.requestsAfter(before.requests, 10)).toHaveLength(1)

    await ledger.settle(reserved, ['reserved'], 'lost', { kind: 'lost', at: clock.now })
    // the newest of each log stays
    await ledger.commit([{ table: 'outcomes', row: anOutcome(id('dec', clock.now)) }])
    await ledger.updateVerification(open, 0, { status: 'denied', updatedAt: old })
    await ledger.retain({ requests: 90 * DAY, verifications: 40 * DAY }, clock.now + DAY)
    expect(await ledger.request(reserved)).toBeNull()
    expect(await ledger.verification(open)).toBeNull()
    await ledger.close()
  })

  test('go at the end of a year and of a leap February as at any other', async () => {
    const { ledger, daysOf } = await opened(Date.UTC(2028, 1, 29, 12))
    for (const at of ['2027-12-31', '2028-01-01', '2028-02-28', '2028-02-29', '2028-03-01'])
      await ledger.commit([{ table: 'requests', row: aRequest(id('dec', Date.parse(at))) }])
    const retained = async (now: string, days: number) => {
      await ledger.retain({ requests: days * DAY, verifications: DAY }, Date.parse(now))
      return (await daysOf('requests')).filter((day) => day < '20280302')
    }
    const february = ['20280228', '20280229', '20280301']
    const winter = ['20271231', '20280101', ...february]
    expect(await retained('2028-02-29T23:59:59.999Z', 60)).toEqual(winter)
    expect(await retained('2028-03-01', 60)).toEqual(winter.slice(1))
    expect(await retained('2028-03-02', 60)).toEqual(february)
    expect(await retained('2028-02-29T23:59:59.999Z', 1)).toEqual(february)
    expect(await retained('2028-03-01', 1)).toEqual(['20280229', '20280301'])
    expect(await retained('2028-03-02', 1)).toEqual(['20280301'])
    await ledger.close()
  })

  test('whoever reads a day for long keeps it, and holds up neither writers nor what else is old', async () => {
    const { clock, ledger, url, daysOf } = await opened()
    await ledger.commit([{ table: 'requests', row: aRequest(id('dec', TODAY)) }])
    await ledger.putIfAbsent('idempotency', 'gone', 'x', TODAY + 1, TODAY)
    const backup = new pg.Client(url)
    await backup.connect()
    await backup.query('begin')
    await backup.query('select * from requests')
    clock.now = TODAY + 3 * DAY
    let over = false
    const retained = ledger
      .retain({ requests: DAY, verifications: DAY }, clock.now)
      .catch((error: unknown) => error)
      .finally(() => {
        over = true
      })
    let longest = 0
    while (!over) {
      const begun = performance.now()
      await ledger.commit([{ table: 'requests', row: aRequest(id('dec', clock.now)) }])
      longest = Math.max(longest, performance.now() - begun)
    }
    expect(await retained).toMatchObject({ fault: 'locked' })
    // a drop that waited until it may would hold them for 2 s; it waits 100 ms, on a busy machine several times that
    expect(longest).toBeLessThan(1_500)
    expect(await daysOf('requests')).toContain('20261120')
    expect(await daysOf('verifications')).not.toContain('20261120')
    expect(await ledger.putIfAbsent('idempotency', 'gone', 'y', TODAY + 9, TODAY)).toBeNull()
    await backup.end()
    await ledger.retain({ requests: DAY, verifications: DAY }, clock.now)
    expect(await daysOf('requests')).not.toContain('20261120')
    await ledger.close()
  }, 60_000)

  test('go once though two gateways believe that it is theirs to do', async () => {
    const { clock, ledger, url, daysOf } = await opened()
    const stays = id('dec', TODAY)
    await ledger.commit([
      { table: 'requests', row: aCharged(stays, { at: TODAY }) },
      { table: 'requests', row: aRequest(id('dec', TODAY)) },
      { table: 'requests', row: aRequest(id('dec', TODAY + 3 * DAY)) },
    ])
    clock.now = TODAY + 3 * DAY
    const other = await openPostgresLedger({ url, numbers: 'clear', clock: () => clock.now })
    const both = await Promise.all(
      [ledger, other].map((one) => one.retain({ requests: DAY, verifications: DAY }, clock.now)),
    )
    expect(both.map(({ requests = 0 }) => requests).toSorted()).toEqual([0, 1])
    expect(await daysOf('requests')).not.toContain('20261120')
    expect(await other.requests({ from: 0, to: TODAY + DAY, limit: 9 })).toMatchObject([
      { id: stays },
    ])
    await Promise.all([ledger.close(), other.close()])
  })

  test('nothing goes by a clock that is far ahead of the server’s', async () => {
    const { clock, ledger, daysOf } = await opened()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 400 * DAY })
    clock.now += 400 * DAY
    await expect(
      ledger.retain({ requests: 90 * DAY, verifications: 30 * DAY }, clock.now),
    ).rejects.toThrow('is 9600 hours ahead of the server')
    expect(await daysOf('requests')).toContain('20261120')
    vi.setSystemTime(Date.now() - 400 * DAY)
    await ledger.retain({ requests: 90 * DAY, verifications: 30 * DAY }, clock.now)
    expect(await daysOf('requests')).not.toContain('20261120')
    await ledger.close()
  })

  test('rows of many days are found by number, source and time, and counted once', async () => {
    const { clock, ledger } = await opened()
    const days = 12
    clock.now = TODAY + days * DAY
    const ids: string[] = []
    for (let day = 0; day < days; day++)
      for (let i = 0; i < 3; i++) {
        const at = TODAY + day * DAY + i
        ids.push(id('dec', at))
        await ledger.commit([
          { table: 'requests', row: aCharged(ids.at(-1) ?? '', { at, verdict: 'challenge' }) },
        ])
      }
    const newest = ids.toReversed()
    const number = '+2348031234567'
    const found = async (filter: object) =>
      (await ledger.requests({ limit: 100, ...filter })).map((row) => row.id)
    expect(await found({})).toEqual(newest)
    expect(await found({ number })).toEqual(newest)
    const window = { from: TODAY + 3 * DAY, to: TODAY + 6 * DAY + 1 }
    const within = newest.filter((each) => {
      const at = timeOf(each) ?? 0
      return at >= window.from && at <= window.to
    })
    expect(await found(window)).toEqual(within)
    expect(await found({ number, ...window })).toEqual(within)
    for (const by of [{ number }, { ip: '105.112.3.4' }, { deviceId: 'device-1' }, {}]) {
      const page = await ledger.search({ ...by, ...window, limit: 100 })
      expect(page.rows.map((row) => row.id)).toEqual(within)
    }
    expect(await ledger.conversion({ ...window })).toEqual({ total: 0, converted: 0 })
    while ((await ledger.rollUp(10, clock.now)) >= 10);
    const time = { from: 0, to: 2 * TODAY }
    const all = await ledger.series({ period: 'day', dimension: 'all', ...time })
    expect(all.map(({ requests }) => requests)).toEqual(Array.from({ length: days }, () => 3))
    // the first of each number and hour whose challenge nobody answered
    expect(all.map(({ refusedNumbers }) => refusedNumbers)).toEqual(
      Array.from({ length: days }, () => 1),
    )
    await ledger.close()
  })
})
