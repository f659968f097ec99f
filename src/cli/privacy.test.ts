import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aRequest, aVerification } from '../../test/conformance/ledger-rows.js'
import { jsonOf, NOON, tollgate } from '../../test/fakes/terminal.js'
import { MINUTE } from '../engine/units.js'
import { EXIT } from './fault.js'
import { withLedger } from './store.js'

const NUMBER = '+2348031234567'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-privacy-'))
  writeFileSync(join(folder, 'tollgate.yaml'), 'numbers: encrypted')
})
afterEach(() => rmSync(folder, { recursive: true }))
const here = (...args: string[]) => tollgate(args, { cwd: folder })
const config = () => ({
  ...{ data: join(folder, 'data'), numbers: 'encrypted' as const, numberKeys: null },
})
const inLedger = <T>(work: Parameters<typeof withLedger<T>>[3]) =>
  withLedger(config(), { env: {}, now: () => NOON }, { mustExist: false }, work)

async function somebody(): Promise<void> {
  await inLedger((ledger) =>
    ledger.commit([
      { table: 'requests', row: aRequest('r', { verificationId: 'v' }) },
      { table: 'verifications', row: aVerification('v', { status: 'verified', requestId: 'r' }) },
      { table: 'requests', row: aRequest('other', { number: '+2348031234568' }) },
    ]),
  )
}

describe('tollgate privacy', () => {
  test('exports what is held about one number, and says so in the audit log without it', async () => {
    await somebody()
    const { out } = await here('privacy', 'export', '+234 803 123 4567')
    const data = JSON.parse(out)
    expect(data).toMatchObject({
      about: NUMBER,
      exportedAt: new Date(NOON).toISOString(),
      requests: [
        { id: 'r', number: NUMBER, address: '105.112.3.4', device: 'device-1', price: 0.11 },
      ],
      verifications: [{ id: 'v', status: 'verified' }],
    })
    expect(out).not.toContain('4568')
    expect(out).not.toContain('hash-of-a-code')
    const actions = await inLedger((ledger) => ledger.actions(9))
    expect(actions).toMatchObject([{ action: 'privacy.export', detail: { requests: 1 } }])
    expect(JSON.stringify(actions)).not.toContain(NUMBER.slice(1))

    const file = join(folder, 'person.json')
    expect((await here('privacy', 'export', NUMBER, '--out', file)).exit).toBe(EXIT.ok)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ about: NUMBER })
    expect(statSync(file).mode & 0o077).toBe(0)
  })

  test('is for its owner to read only where others could read the file that was there', async () => {
    await somebody()
    const file = join(folder, 'person.json')
    writeFileSync(file, 'of before')
    chmodSync(file, 0o644)
    expect((await here('privacy', 'export', NUMBER, '--out', file)).exit).toBe(EXIT.ok)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ about: NUMBER })
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('is not entered in the audit log when its file cannot be written', async () => {
    await somebody()
    const { exit, err } = await here('privacy', 'export', NUMBER, '--out', folder)
    expect(exit).toBe(EXIT.usage)
    expect(err).toContain('is a directory')
    expect(await inLedger((ledger) => ledger.actions(9))).toEqual([])
  })

  test.each([
    ['data/ledger.sqlite', 'is a file of the data directory'],
    ['tollgate.yaml', 'is read too'],
  ])('never replaces what the gateway needs: %s', async (name, told) => {
    await somebody()
    symlinkSync(join(folder, name), join(folder, 'link'))
    const before = readFileSync(join(folder, name))
    for (const out of [name, 'link']) {
      const { exit, err } = await here('privacy', 'export', NUMBER, '--out', out)
      expect({ exit, err }).toEqual({
        exit: EXIT.usage,
        err: expect.stringContaining(`--out: ${out} ${told}`),
      })
    }
    expect(readFileSync(join(folder, name))).toEqual(before)
  })

  test('erases only when it is meant, and then for good', async () => {
    await somebody()
    const asked = await here('privacy', 'erase', NUMBER)
    expect(asked).toMatchObject({ exit: EXIT.usage, err: expect.stringContaining('--yes') })
    expect(asked.err).not.toContain(NUMBER)
    expect(await inLedger((ledger) => ledger.requests({ number: NUMBER, limit: 9 }))).toHaveLength(
      1,
    )

    const erased = jsonOf(await here('privacy', 'erase', NUMBER, '--yes', '--json'))
    expect(erased).toMatchObject({ requests: 1, verifications: 1, inFlight: 0 })
    expect(jsonOf(await here('privacy', 'export', NUMBER))).toMatchObject({
      ...{ requests: [], verifications: [], documents: [], lists: [] },
    })
    expect(await inLedger((ledger) => ledger.request('other'))).toMatchObject({
      number: '+2348031234568',
    })
    const actions = await inLedger((ledger) => ledger.actions(9, { action: 'privacy.erase' }))
    expect(actions).toMatchObject([{ target: 'a number', detail: { requests: 1 } }])
    expect(JSON.stringify(actions)).not.toMatch(/803|4567/)
  })

  test('takes no text for a number', async () => {
    await somebody()
    const { exit, err } = await here('privacy', 'export', 'not a number')
    expect([exit, err]).toEqual([EXIT.usage, expect.stringContaining('no phone number')])
  })
})

describe('tollgate numbers', () => {
  interface Keys {
    keys: { id: string; rows: number; active: boolean }[]
  }
  const keys = async () => jsonOf<Keys>(await here('numbers', 'keys', '--json')).keys
  const ring = () => join(folder, 'data', 'number.keys')

  test('a key is made for its owner alone, another added, and everything sealed with it', async () => {
    await somebody()
    expect(statSync(ring()).mode & 0o077).toBe(0)
    const [first] = await keys()
    expect(first).toMatchObject({ active: true, rows: 2 })
    expect((await here('numbers', 'key', '--id', 'next')).exit).toBe(EXIT.ok)
    expect(await keys()).toMatchObject([
      { id: 'next', active: true, rows: 0 },
      { id: first?.id, active: false, rows: 2 },
    ])
    // gateways that have not seen it yet seal with the old one: nothing is said of that
    expect(jsonOf(await here('numbers', 'rotate', '--json'))).toEqual({
      ...{ key: 'next', sealed: 2, unused: [], again: true },
    })
    const soon = { cwd: folder, now: () => Date.now() + 2 * MINUTE }
    expect(jsonOf(await tollgate(['numbers', 'rotate', '--json'], soon))).toEqual({
      ...{ key: 'next', sealed: 0, unused: [first?.id], again: false },
    })
    // the old key goes, and nothing misses it
    const text = readFileSync(ring(), 'utf8').split('\n')
    writeFileSync(ring(), text.filter((line) => !line.startsWith(`${first?.id} `)).join('\n'))
    expect(await keys()).toMatchObject([{ id: 'next', rows: 2 }])
    expect(await inLedger((ledger) => ledger.request('r'))).toMatchObject({ number: NUMBER })
  })

  test('for several gateways a key first opens, and seals later', async () => {
    await somebody()
    const [first] = await keys()
    expect((await here('numbers', 'key', '--id', 'b', '--standby')).out).toContain(
      'does not seal yet',
    )
    expect(await keys()).toMatchObject([
      { id: first?.id, active: true },
      { id: 'b', active: false },
    ])
    expect((await here('numbers', 'key', '--activate', 'b')).exit).toBe(EXIT.ok)
    expect(await keys()).toMatchObject([
      { id: 'b', active: true },
      { id: first?.id, active: false },
    ])
    expect(await here('numbers', 'key', '--activate', 'c')).toMatchObject({
      ...{ exit: EXIT.usage, err: expect.stringContaining('has no key c') },
    })
  })

  test('a lost key is named, with both ways out of it', async () => {
    await somebody()
    const [first] = await keys()
    const id = first?.id ?? ''
    writeFileSync(ring(), `other ${'ab'.repeat(32)}\n`)
    const told = await here('numbers', 'keys')
    expect(told.exit).not.toBe(EXIT.ok)
    expect(told.err).toContain(`sealed with the key ${id}`)
    expect(told.err).toContain(`tollgate numbers forget ${id}`)
    expect((await here('numbers', 'forget', id)).err).toContain('--yes')
    expect(jsonOf(await here('numbers', 'forget', id, '--yes', '--json'))).toEqual({
      ...{ id, forgotten: 2 },
    })
    expect(await inLedger((ledger) => ledger.request('r'))).toMatchObject({
      number: expect.stringMatching(/^h:/),
    })
    expect(await here('numbers', 'forget', 'other', '--yes')).toMatchObject({
      ...{ exit: EXIT.refused, err: expect.stringContaining('it is not lost') },
    })
  })

  test('a ring that cannot be read says where, and never what is in it', async () => {
    await somebody()
    const secret = `zz${'ab'.repeat(31)}`
    writeFileSync(ring(), `# mine\nk1 ${secret}\n`)
    const { exit, err } = await here('numbers', 'keys')
    expect(exit).toBe(EXIT.usage)
    expect(err).toMatch(/number\.keys, line 2: write an id and 64 hex digits/)
    expect(err).not.toContain(secret)
  })

  test('where nothing is encrypted, it says how to', async () => {
    writeFileSync(join(folder, 'tollgate.yaml'), 'numbers: hashed')
    expect(await here('numbers', 'keys')).toMatchObject({
      ...{ exit: EXIT.usage, err: expect.stringContaining('numbers: encrypted') },
    })
  })
})
