import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { directories } from '../../../test/conformance/ledger-files.js'
import { aCharged, aRequest, T0 } from '../../../test/conformance/ledger-rows.js'
import { clearNumbers } from '../numbers.js'
import type { Append, Ledger } from '../port.js'
import { type Connection, connect } from './connection.js'
import { createPrivateFile } from './file.js'
import { ledgerOver } from './ledger-over.js'
import { openSqliteLedger } from './open.js'
import { locksAndFaults } from './patience.js'

const newDirectory = directories()

const requestRows = (ids: readonly string[]): Append[] =>
  ids.map((id) => ({ table: 'requests', row: aRequest(id) }))
const many = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`)

/** A ledger in a file, its own connection at hand, and what it reported without being asked. */
async function openedWith(settings: { maxQueuedRows?: number; busyTimeoutMs?: number } = {}) {
  const { maxQueuedRows = 5_000, busyTimeoutMs = 0 } = settings
  const file = createPrivateFile(`${newDirectory()}/ledger.sqlite`)
  const connection = await connect(file)
  const reported: Error[] = []
  const ledger = await ledgerOver(connection, {
    file,
    numbers: clearNumbers(),
    attempt: locksAndFaults(file, busyTimeoutMs),
    commitDelayMs: 1,
    maxQueuedRows,
    onError: (error) => reported.push(error),
    clock: Date.now,
  })
  return { file, connection, ledger, reported }
}

const idsIn = async (ledger: Ledger) =>
  new Set((await ledger.requests({ limit: 100_000 })).map((row) => row.id))

describe('a full disk', () => {
  let connection: Connection
  let ledger: Ledger
  let reported: Error[]
  const fill = () =>
    connection.pragma(`max_page_count = ${connection.pragma('page_count', { simple: true })}`)
  const freeSpace = () => connection.pragma('max_page_count = 1000000')

  beforeEach(async () => {
    ;({ connection, ledger, reported } = await openedWith())
    await ledger.commit(requestRows(['before']))
    fill()
  })
  afterEach(() => ledger.close())

  test('is told to whoever waits; what they gave to commit is withdrawn, the rest is written later', async () => {
    ledger.append(requestRows(many('kept', 300)))
    const commits = await Promise.allSettled([
      ledger.commit(requestRows(many('withdrawn', 300))),
      ledger.commit(),
    ])
    for (const result of commits) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: {
          name: 'LedgerError',
          fault: 'full',
          hint: expect.stringContaining('free some space'),
        },
      })
    }
    await expect(ledger.request('before')).rejects.toMatchObject({ fault: 'full' })
    expect(await ledger.healthy()).toBe(false)

    freeSpace()
    await ledger.commit(requestRows(['after']))
    expect(await ledger.healthy()).toBe(true)
    expect(await idsIn(ledger)).toEqual(new Set(['before', ...many('kept', 300), 'after']))
    expect((await ledger.charges(0, 1)).length).toBe(0)
  })

  test('is reported once, and rows nobody waits for are written by themselves when there is space', async () => {
    ledger.append(requestRows(many('kept', 300)))
    await expect(ledger.commit()).rejects.toMatchObject({ fault: 'full' })
    await expect(ledger.commit()).rejects.toMatchObject({ fault: 'full' })
    expect(reported).toHaveLength(1)
    freeSpace()
    // The ledger tries again on its own: seen from another connection, nobody asks it to.
    const reader = new Sqlite(connection.name, { readonly: true })
    const count = reader.prepare('select count(*) from requests').pluck()
    await expect.poll(() => count.get(), { timeout: 5_000 }).toBe(301)
    reader.close()
  })

  test('leaves a settlement undone as a whole', async () => {
    freeSpace()
    await ledger.commit([{ table: 'requests', row: aCharged('charged') }])
    fill()
    const detail = 'x'.repeat(100_000)
    await expect(
      ledger.settle('charged', ['reserved'], 'lost', { kind: 'lost', at: T0, detail }),
    ).rejects.toMatchObject({ fault: 'full' })
    expect((await ledger.request('charged'))?.credit).toBe('reserved')
    expect(await ledger.outcomesOf('charged')).toEqual([])
    freeSpace()
    expect(
      await ledger.settle('charged', ['reserved'], 'lost', { kind: 'lost', at: T0, detail }),
    ).not.toBeNull()
  })

  test('lets a bounded number of rows wait, then refuses more instead of losing them', async () => {
    ledger.append(requestRows(many('kept', 5_000)))
    await expect(ledger.commit()).rejects.toMatchObject({ fault: 'full' })
    expect(() => ledger.append(requestRows(['one too many']))).toThrow(/5000 rows already wait/)
    await expect(ledger.commit(requestRows(['one too many']))).rejects.toMatchObject({
      fault: 'full',
    })
    freeSpace()
    expect((await idsIn(ledger)).size).toBe(5_001)
  })
})

describe('a locked database', () => {
  test('is waited for, and then told; afterwards everything that was kept is there', async () => {
    const { file, ledger } = await openedWith({ busyTimeoutMs: 60 })
    ledger.append([{ table: 'requests', row: aCharged('charged') }])
    await ledger.commit()
    const other = new Sqlite(file)
    other.exec('begin exclusive')

    ledger.append(requestRows(['kept']))
    await expect(ledger.commit(requestRows(['withdrawn']))).rejects.toMatchObject({
      fault: 'locked',
      hint: expect.stringContaining('another process'),
    })
    await expect(
      ledger.settle('charged', ['reserved'], 'lost', { kind: 'lost', at: T0 }),
    ).rejects.toMatchObject({
      fault: 'locked',
    })
    await expect(ledger.putIfAbsent('challenge', 'k', 'v', T0 + 1, T0)).rejects.toMatchObject({
      fault: 'locked',
    })

    other.exec('rollback')
    other.close()
    await ledger.commit()
    expect(await idsIn(ledger)).toEqual(new Set(['charged', 'kept']))
    expect((await ledger.request('charged'))?.credit).toBe('reserved')
    await ledger.close()
  })

  test('for a short while delays commits and settlements, and fails none', async () => {
    const { file, ledger } = await openedWith({ busyTimeoutMs: 60_000 })
    await ledger.commit([{ table: 'requests', row: aCharged('charged') }])
    const other = new Sqlite(file)
    other.exec('begin immediate')
    const waiting = Promise.all([
      ledger.commit(requestRows(['one'])),
      ledger.settle('charged', ['reserved'], 'lost', { kind: 'lost', at: T0 }),
    ])
    // Other work goes on meanwhile: this very line runs while both wait.
    await new Promise((resolve) => setImmediate(resolve))
    other.exec('rollback')
    other.close()
    const [, settled] = await waiting
    expect(settled?.before).toBe('reserved')
    expect(await idsIn(ledger)).toEqual(new Set(['charged', 'one']))
    await ledger.close()
  })
})

describe('a file', () => {
  test('is readable by its owner only, and whole after close', async () => {
    const file = `${newDirectory()}/made/by/us/ledger.sqlite`
    const ledger = await openSqliteLedger({ file, numbers: 'clear' })
    ledger.append(requestRows(['never waited for']))
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
    expect(mode(file)).toBe('600')
    expect(mode(`${file}-wal`)).toBe('600')
    expect(mode(file.replace('/ledger.sqlite', ''))).toBe('700')
    await ledger.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
    const again = await openSqliteLedger({ file, numbers: 'clear' })
    expect((await again.request('never waited for'))?.id).toBe('never waited for')
    await again.close()
  })

  test('that is no database is refused with what to do', async () => {
    const file = `${newDirectory()}/ledger.sqlite`
    writeFileSync(file, 'this is a text file, and a rather long one at that. '.repeat(200))
    await expect(openSqliteLedger({ file, numbers: 'clear' })).rejects.toMatchObject({
      fault: 'corrupt',
      hint: expect.stringContaining(file),
    })
    expect(readFileSync(file, 'utf8')).toContain('a text file')
  })

  test('that cannot be made is refused with what to do', async () => {
    const directory = newDirectory()
    writeFileSync(`${directory}/a-file`, '')
    await expect(
      openSqliteLedger({ file: `${directory}/a-file/ledger.sqlite`, numbers: 'clear' }),
    ).rejects.toMatchObject({
      fault: 'lost',
      hint: expect.stringContaining('a part of its path is a file'),
    })
  })

  test('of a newer version is refused, and stays as it is', async () => {
    const file = `${newDirectory()}/ledger.sqlite`
    await (await openSqliteLedger({ file, numbers: 'clear' })).close()
    const raw = new Sqlite(file)
    raw.exec(
      `insert into migrations (version, name, applied_at) values (99, 'from-the-future', ${T0})`,
    )
    raw.close()
    await expect(openSqliteLedger({ file, numbers: 'clear' })).rejects.toThrow(
      /schema version 99 \("from-the-future".*up to \d+: run the newer Tollgate/,
    )
  })

  test('opened by two at once is migrated once', async () => {
    const file = `${newDirectory()}/ledger.sqlite`
    const both = await Promise.all([1, 2].map(() => openSqliteLedger({ file, numbers: 'clear' })))
    for (const [i, ledger] of both.entries()) await ledger.commit(requestRows([`of ${i}`]))
    for (const ledger of both) expect(await idsIn(ledger)).toEqual(new Set(['of 0', 'of 1']))
    for (const ledger of both) await ledger.close()
  })
})
