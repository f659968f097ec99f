import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jsonOf, NOON, tollgate } from '../../test/fakes/terminal.js'
import { DAY } from '../engine/units.js'
import { collection } from '../ledger/collection.js'
import { openSqliteLedger } from '../ledger/sqlite/open.js'
import { EXIT } from './fault.js'
import type { Finding } from './finding.js'
import { ledgerFile } from './store.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const here = (...args: string[]) => tollgate(args, { cwd: folder })

describe('keys', () => {
  it.each(['clear', 'hashed'])('round trip, numbers %s', async (numbers) => {
    writeFileSync(join(folder, 'tollgate.yaml'), `numbers: ${numbers}`)
    const made = jsonOf<{ id: string; secret: string; secretHash?: string }>(
      await here('keys', 'create', '--name', 'shop', '--scopes', 'decide,verify', '--json'),
    )
    expect(made.id).toMatch(/^AC[0-9a-f]{32}$/)
    expect(made.secret).toHaveLength(43)
    expect(made.secretHash).toBeUndefined()
    const { out } = await here('keys', 'list')
    expect(out).toContain(made.id)
    expect(out).not.toContain(made.secret)
    expect((await here('keys', 'revoke', made.id)).exit).toBe(EXIT.ok)
    expect(await here('keys', 'revoke', made.id)).toMatchObject({
      exit: EXIT.refused,
      err: expect.stringContaining('not revoked already'),
    })
    const { keys } = jsonOf<{ keys: { revokedAt: number | null }[] }>(
      await here('keys', 'list', '--json'),
    )
    expect(keys[0]?.revokedAt).not.toBeNull()
  })

  it('an id is given once', async () => {
    expect((await here('keys', 'create', '--id', 'mine')).exit).toBe(EXIT.ok)
    expect((await here('keys', 'create', '--id', 'mine')).exit).toBe(EXIT.refused)
    expect((await here('keys', 'create', '--id', 'a:b')).exit).toBe(EXIT.usage)
  })

  it('a name is no command to a terminal, and no line of its own', async () => {
    const name = 'shop\u001b]0;title\u0007\u001b[2J\u009b31m\u202e\r\nACforged  root  *'
    await here('keys', 'create', '--name', name)
    const { out } = await here('keys', 'list')
    expect(out.split('\n')).toHaveLength(2)
    expect(out).not.toMatch(/[^\P{Cc}\n]|\u202e/u)
    const { keys } = jsonOf<{ keys: { name: string }[] }>(await here('keys', 'list', '--json'))
    expect(keys[0]?.name).toBe(name)
  })

  it('listing does not make a directory', async () => {
    expect((await here('keys', 'list')).exit).toBe(EXIT.store)
  })

  it('another kind of numbers than the ledger was made with is refused', async () => {
    await here('keys', 'create')
    writeFileSync(join(folder, 'tollgate.yaml'), 'numbers: hashed')
    expect(await here('keys', 'list')).toMatchObject({
      exit: EXIT.store,
      err: expect.stringContaining('keeps phone numbers in clear'),
    })
  })
})

describe('doctor', () => {
  const doctor = async (...args: string[]) => {
    const ran = await here('doctor', '--json', ...args)
    const { ok, checks } = jsonOf<{ ok: boolean; checks: Finding[] }>(ran)
    return {
      exit: ran.exit,
      ok,
      state: Object.fromEntries(checks.map((c) => [c.name, c.state])),
      checks,
    }
  }

  it('a machine where a gateway could run', async () => {
    writeFileSync(join(folder, 'tollgate.yaml'), 'server: { port: 0 }')
    const { exit, ok, state } = await doctor()
    expect(state).toEqual({
      node: 'ok',
      clock: 'ok',
      'data tables': 'ok',
      configuration: 'ok',
      'data directory': 'ok',
      'server key': 'ok',
      ledger: 'ok',
      'networks and numbers': 'ok',
      policy: 'warn',
      prices: 'warn',
      senders: 'warn',
      port: 'ok',
      retention: 'ok',
    })
    expect({ exit, ok }).toEqual({ exit: EXIT.ok, ok: true })
  })

  it('a clock that may be ahead: by it nothing was deleted for long', async () => {
    await here('keys', 'create')
    const file = ledgerFile(join(folder, 'data'))
    const ledger = await openSqliteLedger({ file, numbers: 'clear' })
    const left = (at: number) =>
      collection<object>(ledger, 'retention').put({ id: 'last', at, value: {} })
    const found = async () => (await doctor()).checks.find(({ name }) => name === 'ledger')
    await left(NOON - 2 * DAY)
    expect(await found()).toMatchObject({ state: 'ok' })
    await left(NOON - 400 * DAY)
    expect(await found()).toMatchObject({
      state: 'warn',
      found: expect.stringContaining('nothing old was deleted for 400 days'),
      mend: expect.stringContaining('clock'),
    })
    await ledger.close()
  })

  it.each([
    ['defaultCountry: ZZ', 'ZZ'],
    ['network: { asnDatabase: none.mmdb }', 'none.mmdb'],
  ])('what a start refuses is found: %s', async (yaml, told) => {
    writeFileSync(join(folder, 'tollgate.yaml'), `server: { port: 0 }\n${yaml}\n`)
    const { exit, checks } = await doctor()
    expect(exit).toBe(EXIT.refused)
    expect(checks.find(({ state }) => state === 'fail')?.found).toContain(told)
  })

  it('everything that is wrong is found at once, with what to do', async () => {
    writeFileSync(join(folder, 'policy.yaml'), 'version: 1\nmood: enforce\n')
    writeFileSync(join(folder, 'prices.csv'), 'country,price,currency\nNG,cheap,USD\n')
    writeFileSync(join(folder, 'file'), '')
    writeFileSync(
      join(folder, 'tollgate.yaml'),
      'server: { port: 0 }\ndata: ./file\npolicy: policy.yaml\nprices: prices.csv\nsend: [{ name: a, type: http, url: "https://x.invalid", headers: { a: { env: NOT_SET } } }]',
    )
    const { exit, state, checks } = await doctor()
    expect(exit).toBe(EXIT.refused)
    expect(state).toMatchObject({
      'data directory': 'fail',
      policy: 'fail',
      prices: 'fail',
      senders: 'fail',
    })
    expect(checks.find((c) => c.name === 'policy')?.found).toContain('policy.yaml:2:1')
    expect(checks.find((c) => c.name === 'senders')?.found).toContain('NOT_SET is not set')
  })

  it.each([
    ['localhost', 'http://localhost:4318', 'fail', 'which needs tracing.allowPrivate: true'],
    [
      'an address inside',
      'https://10.0.0.8:4318',
      'fail',
      'which needs tracing.allowPrivate: true',
    ],
    ['a name that nobody knows', 'https://collector.invalid', 'warn', 'cannot be found'],
  ])('a collector at %s', async (_, endpoint, is, says) => {
    const write = (more: string) =>
      writeFileSync(
        join(folder, 'tollgate.yaml'),
        `server: { port: 0 }\ntracing: { endpoint: "${endpoint}"${more} }`,
      )
    write('')
    const { state, checks } = await doctor()
    expect(state.outward).toBe(is)
    expect(checks.find(({ name }) => name === 'outward')?.found).toContain(says)
    if (is === 'warn') return
    // told in the same words where a gateway would have been started
    expect(await here('serve')).toMatchObject({
      exit: EXIT.usage,
      err: expect.stringContaining(says),
    })
    write(', allowPrivate: true')
    expect((await doctor()).state.outward).toBe('ok')
  })

  it('a clock that cannot be right', async () => {
    const ran = await tollgate(['doctor'], { cwd: folder, now: () => 0 })
    expect(ran.exit).toBe(EXIT.refused)
    expect(ran.out).toContain('fail  clock: 1970-01-01T00:00:00.000Z cannot be right')
  })

  it('a wrong configuration', async () => {
    writeFileSync(join(folder, 'tollgate.yaml'), 'lines: redis://x')
    const { exit, state } = await doctor()
    expect(exit).toBe(EXIT.refused)
    expect(state.configuration).toBe('fail')
  })
})
