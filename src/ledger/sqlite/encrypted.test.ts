import { existsSync, readFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { directories } from '../../../test/conformance/ledger-files.js'
import { aCharged, aRequest, aVerification, T0 } from '../../../test/conformance/ledger-rows.js'
import { DAY } from '../../engine/units.js'
import { openSqliteLedger } from './open.js'

const newDirectory = directories()
const LOOK_UP = Buffer.alloc(32, 7)
const OLD = { id: '2025', secret: Buffer.alloc(32, 1) }
const NEW = { id: '2026', secret: Buffer.alloc(32, 2) }
const NUMBER = '+2348031234567'
const ring = (...keys: { id: string; secret: Buffer }[]) => ({
  hashedWith: LOOK_UP,
  encryptedWith: { from: 'number.keys', keys },
})
const opened = (file: string, ...keys: { id: string; secret: Buffer }[]) =>
  openSqliteLedger({ file, numbers: ring(...keys) })
const newFile = () => `${newDirectory()}/ledger.sqlite`

describe('encrypted numbers', () => {
  test('come back in clear, also after a restart, and are found by it', async () => {
    const file = newFile()
    const first = await opened(file, OLD)
    await first.commit([
      { table: 'requests', row: aRequest('r') },
      { table: 'verifications', row: aVerification('v', { status: 'verified' }) },
    ])
    await first.close()
    const ledger = await opened(file, OLD)
    expect((await ledger.request('r'))?.number).toBe(NUMBER)
    expect(await ledger.requests({ number: NUMBER, limit: 9 })).toMatchObject([{ number: NUMBER }])
    expect((await ledger.search({ number: NUMBER, limit: 9 })).rows).toMatchObject([
      { number: NUMBER },
    ])
    expect(await ledger.latestVerification('signup', NUMBER)).toMatchObject({
      ...{ number: NUMBER, to: NUMBER },
    })
    await ledger.close()
  })

  test('are nowhere in the files: not in rows, lists, watched entries or reports', async () => {
    const file = newFile()
    const ledger = await opened(file, OLD)
    await ledger.commit([
      { table: 'requests', row: aRequest('r') },
      { table: 'verifications', row: aVerification('v') },
    ])
    const entry = { source: 'user:1', createdAt: T0, expiresAt: null }
    await ledger.putListEntry({ list: 'deny', entry: NUMBER, ...entry })
    const document = { parent: '', at: T0, expiresAt: null }
    await ledger.putDocument({ kind: 'watch', id: NUMBER, ...document, body: { of: [NUMBER] } })
    await ledger.putDocument({ kind: 'list-note', id: `deny|${NUMBER}`, ...document, body: {} })
    await ledger.commit()
    const subscriber = NUMBER.slice(1)
    const files = [file, `${file}-wal`].filter((path) => existsSync(path))
    expect(files).toHaveLength(2)
    for (const path of files) expect(readFileSync(path).includes(subscriber)).toBe(false)
    expect((await ledger.listEntries(T0))[0]?.entry).toBe(NUMBER)
    expect(await ledger.listEntry('deny', NUMBER, T0)).toMatchObject({ entry: NUMBER })
    expect(await ledger.document('watch', NUMBER)).toMatchObject({
      ...{ id: NUMBER, body: { of: [NUMBER] } },
    })
    expect(await ledger.documents({ kind: 'list-note', limit: 9 })).toMatchObject([
      { id: `deny|${NUMBER}` },
    ])
    await ledger.close()
    expect(readFileSync(file).includes(subscriber)).toBe(false)
  })

  test('are sealed again under a new key, step by step, while others write', async () => {
    const file = newFile()
    const numbers = Array.from({ length: 450 }, (_, i) => `+23480312${String(10_000 + i)}`)
    const before = await opened(file, OLD)
    await before.commit(
      numbers.map((number, i) => ({ table: 'requests', row: aRequest(`r${i}`, { number }) })),
    )
    await before.close()

    const gateway = await opened(file, NEW, OLD)
    const job = await opened(file, NEW, OLD)
    expect(await job.privacy.numberKeys()).toEqual([
      { id: '2026', rows: 0, active: true, there: true },
      { id: '2025', rows: 450, active: false, there: true },
    ])
    expect(await job.privacy.reseal(100)).toBe(100)
    await gateway.commit([
      { table: 'requests', row: aRequest('late', { number: '+447700900123' }) },
    ])
    // stopped here, and run again by two at once
    const [one, two] = await Promise.all([job.privacy.reseal(1000), gateway.privacy.reseal(1000)])
    expect(one + two).toBeGreaterThanOrEqual(350)
    expect(await job.privacy.reseal(1000)).toBe(0)
    expect((await job.privacy.numberKeys()).map(({ id, rows }) => [id, rows])).toEqual([
      ['2026', 451],
      ['2025', 0],
    ])
    await job.close()
    await gateway.close()

    const after = await opened(file, NEW)
    for (const [i, number] of numbers.entries())
      expect((await after.request(`r${i}`))?.number).toBe(number)
    expect((await after.request('late'))?.number).toBe('+447700900123')
    await after.close()
  })

  test('whose key is lost are told at the start, by name, and nothing is changed', async () => {
    const file = newFile()
    const ledger = await opened(file, OLD)
    await ledger.commit([{ table: 'requests', row: aRequest('r') }])
    await ledger.close()
    const bytes = readFileSync(file)
    await expect(opened(file, NEW)).rejects.toThrow(
      /sealed with the key 2025, which number\.keys does not have: put it back/,
    )
    await expect(opened(file, { id: '2025', secret: Buffer.alloc(32, 9) })).rejects.toThrow(
      /key 2025 of number\.keys is not the one/,
    )
    await expect(
      openSqliteLedger({
        file,
        numbers: { hashedWith: Buffer.alloc(32, 3), encryptedWith: ring(OLD).encryptedWith },
      }),
    ).rejects.toThrow(
      /keeps phone numbers encrypted with key .*give it the secret that it was created with/,
    )
    await expect(openSqliteLedger({ file, numbers: { hashedWith: LOOK_UP } })).rejects.toThrow(
      /keeps phone numbers encrypted/,
    )
    expect(readFileSync(file).equals(bytes)).toBe(true)
    const again = await opened(file, OLD)
    expect((await again.request('r'))?.number).toBe(NUMBER)
    await again.close()
  })

  test('whose key is given up stay as hashes: found, and not read', async () => {
    const file = newFile()
    const ledger = await opened(file, OLD)
    await ledger.commit([{ table: 'requests', row: aRequest('r') }])
    await ledger.close()
    const numbers = ring(NEW)
    const without = await openSqliteLedger({
      file,
      numbers: { ...numbers, encryptedWith: { ...numbers.encryptedWith, givenUp: '2025' } },
    })
    expect(await without.privacy.forgetKey('2025', 10)).toBe(1)
    expect(await without.privacy.forgetKey('2025', 10)).toBe(0)
    await without.close()
    const after = await opened(file, NEW)
    expect((await after.request('r'))?.number).toMatch(/^h:/)
    expect(await after.requests({ number: NUMBER, limit: 9 })).toHaveLength(1)
    await after.close()
  })

  test('that were altered, or moved to another number, do not open', async () => {
    const file = newFile()
    const ledger = await opened(file, OLD)
    await ledger.commit([
      { table: 'requests', row: aRequest('r') },
      { table: 'requests', row: aRequest('other', { number: '+447700900123' }) },
    ])
    await ledger.close()
    const raw = new Sqlite(file)
    raw.exec('update numbers set sealed = (select max(sealed) from numbers)')
    raw.close()
    const after = await opened(file, OLD)
    const read = await Promise.allSettled([after.request('r'), after.request('other')])
    expect(read.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(read.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { fault: 'corrupt', hint: expect.stringContaining('altered') },
    })
    await after.close()
  })

  test('follow a ledger that was hashed with the same key: what is new can be read', async () => {
    const file = newFile()
    const hashed = await openSqliteLedger({ file, numbers: { hashedWith: LOOK_UP } })
    await hashed.commit([{ table: 'requests', row: aRequest('old') }])
    await hashed.close()
    const ledger = await opened(file, OLD)
    await ledger.commit([{ table: 'requests', row: aRequest('new', { number: '+447700900123' }) }])
    expect((await ledger.request('old'))?.number).toMatch(/^h:/)
    expect(await ledger.requests({ number: NUMBER, limit: 9 })).toHaveLength(1)
    expect((await ledger.request('new'))?.number).toBe('+447700900123')
    await ledger.close()
  })

  test('go with the records of their time, and with the list that named them', async () => {
    const file = newFile()
    const ledger = await opened(file, OLD)
    await ledger.commit([{ table: 'requests', row: aRequest('r') }])
    const entry = { source: 'user:1', createdAt: T0, expiresAt: null }
    await ledger.putListEntry({ list: 'deny', entry: '+447700900123', ...entry })
    // the newest request stays whatever its age
    const later = T0 + 200 * DAY
    await ledger.commit([{ table: 'requests', row: aRequest('newest', { at: later, number: '' }) }])
    const rows = async () => (await ledger.privacy.numberKeys()).map((key) => key.rows)
    const ages = { requests: 90 * DAY, verifications: 30 * DAY }
    expect(await rows()).toEqual([2])
    await ledger.retain(ages, later)
    expect(await rows()).toEqual([1])
    await ledger.removeListEntry('deny', '+447700900123')
    await ledger.retain(ages, later)
    expect(await rows()).toEqual([0])
    await ledger.close()
  })

  test('leave the vault with the erasure of the last record that names them', async () => {
    const ledger = await opened(':memory:', OLD)
    await ledger.commit([{ table: 'requests', row: aCharged('r', { credit: 'lost' }) }])
    await ledger.privacy.erase(NUMBER, { now: T0, lists: false })
    expect((await ledger.privacy.numberKeys()).map(({ rows }) => rows)).toEqual([0])
    await ledger.close()
  })
})
