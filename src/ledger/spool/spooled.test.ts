import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { aCharged, aRequest, T0 } from '../../../test/conformance/ledger-rows.js'
import { type BreakableLedger, breakableLedger } from '../../../test/fakes/breakable-ledger.js'
import { memoryLedger } from '../memory/memory.js'
import { type Append, type Ledger, LedgerError } from '../port.js'
import { SpoolFile } from './spool-file.js'
import { type SpooledLedger, type SpoolOptions, spooledLedger } from './spooled.js'

let folder: string
let shared: Ledger
let broken: BreakableLedger
let ledger: SpooledLedger
let now: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-spool-'))
  now = T0
  shared = memoryLedger({ numbers: 'clear', clock: () => now })
  await open()
})
afterEach(async () => {
  await ledger.close()
  rmSync(folder, { recursive: true, force: true })
})

const file = () => join(folder, 'spool')
async function open(options: Partial<SpoolOptions> = {}): Promise<void> {
  broken = breakableLedger(shared)
  ledger = await spooledLedger(broken.ledger, {
    file: file(),
    key: Buffer.alloc(32, 7),
    maxBytes: 1_000_000,
    maxMs: 600_000,
    timeoutMs: 50,
    probeMs: 5,
    clock: () => now,
    onError: () => undefined,
    ...options,
  })
}
/** The process dies: the spool is what is left of it. */
async function restart(options: Partial<SpoolOptions> = {}): Promise<void> {
  const { close } = shared
  shared.close = async () => undefined
  await ledger.close()
  shared.close = close
  await open(options)
}
const commitOf = (id: string): Append[] => [{ table: 'requests', row: aCharged(id) }]
const inShared = async () => (await shared.requests({ limit: 1_000 })).map(({ id }) => id).sort()
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 5_000; !(await what()); ) {
    if (performance.now() > end) throw new Error('it did not come to pass')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
const back = () => until(() => ledger.spooled().state === 'ok')

describe('records of a ledger that is away', () => {
  test('are kept, and made in it when it is back, each once', async () => {
    await ledger.commit(commitOf('before'))
    broken.is = 'refuses'
    await Promise.all(['a', 'b', 'c'].map((id) => ledger.commit(commitOf(id))))
    expect(ledger.spooled()).toMatchObject({ state: 'lost', since: T0, waiting: 3, hasRoom: true })
    expect(await inShared()).toEqual(['before'])
    broken.is = 'well'
    await back()
    expect(await inShared()).toEqual(['a', 'b', 'before', 'c'])
    expect(await shared.request('b')).toEqual(aCharged('b'))
    expect(ledger.spooled()).toMatchObject({ since: null, waiting: 0, bytes: 0 })
    expect(statSync(file()).size).toBe(0)
    await ledger.commit(commitOf('after'))
    expect(ledger.spooled().waiting).toBe(0)
  })

  test('are made in it too where they come while what was made is forgotten', async () => {
    broken.is = 'refuses'
    await ledger.commit(commitOf('a'))
    const { clear } = SpoolFile.prototype
    let late: Promise<void> | null = null
    const forgets = vi.spyOn(SpoolFile.prototype, 'clear').mockImplementationOnce(function (
      this: SpoolFile,
      count,
    ) {
      const cleared = clear.call(this, count)
      late = ledger.commit(commitOf('late'))
      return cleared
    })
    broken.is = 'well'
    await back()
    forgets.mockRestore()
    await late
    expect(await inShared()).toEqual(['a', 'late'])
    expect(await ledger.request('late')).toEqual(aCharged('late'))
    expect(ledger.spooled()).toMatchObject({ waiting: 0, bytes: 0 })
  })

  test('are made in it though others keep coming while they are', async () => {
    broken.is = 'refuses'
    for (let i = 0; i < 40; i++) await ledger.commit(commitOf(`of the outage ${i}`))
    const { request } = shared
    let looks = 0
    let late = 0
    // somebody asks for a code in the time that ten of them take
    shared.request = (id) => {
      if (++looks % 10 === 0 && late < 100) void ledger.commit(commitOf(`late ${late++}`))
      return request(id)
    }
    broken.is = 'well'
    await back()
    expect(late).toBe(4)
    expect(await inShared()).toHaveLength(44)
  })

  test('are made many at a time: one by one takes longer than a busy gateway takes for more', async () => {
    broken.is = 'refuses'
    await Promise.all(Array.from({ length: 40 }, (_, i) => ledger.commit(commitOf(`r${i}`))))
    const { commit } = shared
    let [under, most] = [0, 0]
    shared.commit = async (rows) => {
      most = Math.max(most, ++under)
      await new Promise(setImmediate)
      await commit(rows)
      under--
    }
    broken.is = 'well'
    await back()
    expect(await inShared()).toHaveLength(40)
    expect(most).toBeGreaterThan(20)
  })

  test('are made once where a commit was done and never answered', async () => {
    broken.is = 'mute'
    await ledger.commit(commitOf('a'))
    expect(await inShared()).toEqual(['a'])
    expect(ledger.spooled().waiting).toBe(1)
    broken.is = 'well'
    await back()
    expect(await inShared()).toEqual(['a'])
  })

  test('survive the process, a record that was cut short with it, and a replay that died', async () => {
    broken.is = 'refuses'
    await ledger.commit(commitOf('a'))
    await ledger.commit(commitOf('b'))
    appendFileSync(file(), 'half a rec')
    // the first of them had been made already
    await shared.commit(commitOf('a'))
    await restart()
    expect(await inShared()).toEqual(['a', 'b'])
    expect(statSync(file()).size).toBe(0)
  })

  test('answer nothing until they are made', async () => {
    broken.is = 'refuses'
    const row = aRequest('a')
    await ledger.commit([{ table: 'requests', row }])
    broken.is = 'well'
    // the ledger answers again, and does not have it yet: that is no reason to say that there is none
    await expect(ledger.request('a')).rejects.toThrow(LedgerError)
    await expect(
      ledger.settle('a', ['reserved'], 'lost', { kind: 'lost', at: T0 }),
    ).rejects.toThrow(LedgerError)
    await expect(ledger.latestVerification('signup', row.number)).rejects.toThrow(LedgerError)
    await back()
    expect(await ledger.request('a')).toEqual(row)
    expect(await ledger.latestVerification('signup', row.number)).toBeNull()
  })

  test('one that the ledger will never take holds up no other', async () => {
    broken.is = 'refuses'
    const twice = commitOf('a')
    await ledger.commit([...twice, ...twice])
    await ledger.commit(commitOf('b'))
    broken.is = 'well'
    await back()
    expect(await inShared()).toContain('b')
  })

  test('lie on the disk sealed, readable by their owner alone', async () => {
    broken.is = 'refuses'
    await ledger.commit(commitOf('a'))
    const text = readFileSync(file(), 'utf8')
    expect(text).not.toContain('2348031234567')
    expect(Buffer.from(text, 'base64url').toString('latin1')).not.toContain('device')
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    await expect(restart({ key: Buffer.alloc(32, 8) })).rejects.toThrow(/another secret/)
    await open()
  })
})

describe('a spool', () => {
  test('that is full takes nothing', async () => {
    await restart({ maxBytes: 2_000 })
    broken.is = 'refuses'
    let kept = 0
    const fill = async () => {
      for (;;) {
        await ledger.commit(commitOf(`r${kept}`))
        kept++
      }
    }
    await expect(fill()).rejects.toThrow(/full or too old/)
    expect(kept).toBeGreaterThan(0)
    expect(ledger.spooled()).toMatchObject({ waiting: kept, hasRoom: false })
    broken.is = 'well'
    await back()
    expect(await inShared()).toHaveLength(kept)
  })

  test('that is too old takes nothing', async () => {
    broken.is = 'refuses'
    await ledger.commit(commitOf('a'))
    now += 600_000
    await expect(ledger.commit(commitOf('b'))).rejects.toThrow(LedgerError)
    broken.is = 'well'
    await back()
    expect(await inShared()).toEqual(['a'])
  })

  test('is not for a ledger that is full or damaged', async () => {
    const { commit } = broken.ledger
    expect(commit).toBeDefined()
    shared.commit = () => Promise.reject(new LedgerError('full', 'free some space'))
    await expect(ledger.commit(commitOf('a'))).rejects.toThrow(/free some space/)
    expect(ledger.spooled()).toMatchObject({ state: 'ok', waiting: 0 })
  })
})
