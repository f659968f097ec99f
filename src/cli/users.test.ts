import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jsonOf, NOON, tollgate } from '../../test/fakes/terminal.js'
import { createLinks } from '../desk/access/links.js'
import { createUsers } from '../desk/access/users.js'
import { DAY, HOUR } from '../engine/units.js'
import type { Ledger } from '../ledger/port.js'
import { secureRandom } from '../verify/random.js'
import { loadConfig } from './config.js'
import { EXIT } from './fault.js'
import { startGateway } from './gateway.js'
import { withLedger } from './store.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-users-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const here = (...args: string[]) => tollgate(args, { cwd: folder })

const inLedger = <T>(work: (ledger: Ledger) => Promise<T>): Promise<T> =>
  withLedger(
    { data: join(folder, 'data'), numbers: 'clear', numberKeys: null },
    { env: {}, now: () => NOON },
    { mustExist: false },
    (ledger) => work(ledger as Ledger),
  )
const tokenIn = (link: string): string =>
  new URLSearchParams(new URL(link).hash.slice(1)).get('token') ?? ''
const lookAt = (link: string, now = NOON) =>
  inLedger((store) =>
    createLinks({ store, clock: () => now, random: secureRandom() }).look(tokenIn(link)),
  )
const addAda = (part: object = {}) =>
  inLedger((store) =>
    createUsers({ store, random: secureRandom() }).add('usr_000000000000000000000000', {
      name: 'ada@example.com',
      role: 'admin',
      disabled: false,
      createdAt: NOON,
      createdBy: 'start',
      lastSignInAt: null,
      passkeys: [],
      identity: null,
      ...part,
    }),
  )

interface Made {
  link: string
  expiresAt: number
}

/** A gateway on a port that no file names. */
function startHere() {
  const flags = { port: 0, data: join(folder, 'data') }
  const env = { TOLLGATE_LOG_LEVEL: 'silent' }
  const config = loadConfig(flags, { env, cwd: folder, warn: () => undefined })
  return startGateway({ config, env, clock: Date.now, write: () => undefined })
}

describe('a link leads to the gateway that is at work', () => {
  const verbs = [
    ['users', 'link'],
    ['users', 'invite', 'Grace'],
  ]
  it.each(verbs)('%s %s', async (...verb) => {
    const gateway = await startHere()
    const { link } = jsonOf<Made>(await here(...verb, '--json').finally(() => gateway.close()))
    expect(new URL(link).origin).toBe(gateway.greeting.console)
  })

  it('where none is, what to do is told', async () => {
    await (await startHere()).close()
    const { err } = await here('users', 'link')
    expect(err).toContain(`no gateway is at work on ${join(folder, 'data')}`)
    expect(err).toContain('http://localhost:7700')
    writeFileSync(join(folder, 'data', 'console.url'), 'http://localhost:1\n')
    const left = await here('users', 'link')
    expect(left.out, 'left by one that was killed').toMatch(/^http:\/\/localhost:7700\//)
    writeFileSync(join(folder, 'tollgate.yaml'), 'server: { publicUrl: https://gate.example }')
    expect((await here('users', 'link')).err).toBe('')
  })
})

describe('tollgate users link', () => {
  it('makes the first administrator, by one link at a time, for a day', async () => {
    const first = jsonOf<Made>(await here('users', 'link', '--json'))
    expect(first.link).toMatch(/^http:\/\/localhost:7700\/sign-in\/setup#token=[\w-]{43}$/)
    expect(first.expiresAt).toBe(NOON + DAY)
    expect(await lookAt(first.link)).toMatchObject({ purpose: 'setup', role: 'admin', name: '' })
    expect(await lookAt(first.link, NOON + DAY)).toBeNull()
    const { out } = await here('users', 'link')
    expect(out).toContain('as the first administrator')
    expect(await lookAt(first.link)).toBeNull()
    expect(await lookAt(out.split('\n')[0] ?? '')).not.toBeNull()
  })

  it('lets in a user who is locked out, under the address that is configured', async () => {
    await addAda()
    writeFileSync(join(folder, 'tollgate.yaml'), 'server: { publicUrl: https://gate.example }')
    expect(await here('users', 'link')).toMatchObject({
      exit: EXIT.refused,
      err: expect.stringContaining('tollgate users invite'),
    })
    const { link } = jsonOf<Made>(await here('users', 'link', 'ADA@example.com', '--json'))
    expect(link).toMatch(/^https:\/\/gate\.example\/sign-in\/setup#token=/)
    expect(await lookAt(link)).toMatchObject({ purpose: 'passkey', name: 'ada@example.com' })
    const [action] = await inLedger((ledger) => ledger.actions(1))
    expect(action).toMatchObject({ action: 'user.link', actor: expect.stringMatching(/^cli:/) })
    expect(JSON.stringify(action)).not.toContain(tokenIn(link))
  })

  it('refuses whom it cannot let in', async () => {
    expect(await here('users', 'link', 'nobody')).toMatchObject({ exit: EXIT.refused })
    await addAda({ disabled: true })
    expect(await here('users', 'link', 'ada@example.com')).toMatchObject({
      exit: EXIT.refused,
      err: expect.stringContaining('disabled'),
    })
  })
})

describe('tollgate users invite', () => {
  it('makes a link for three days, with name and role', async () => {
    const made = jsonOf<Made>(await here('users', 'invite', 'Grace', '--role', 'analyst', '--json'))
    expect(made.expiresAt).toBe(NOON + 72 * HOUR)
    expect(await lookAt(made.link)).toMatchObject({
      purpose: 'invite',
      name: 'Grace',
      role: 'analyst',
    })
    expect((await here('users', 'invite', 'grace')).exit).toBe(EXIT.refused)
    expect((await here('users', 'invite', 'Alan', '--role', 'root')).exit).toBe(EXIT.usage)
    expect((await here('users', 'invite', '\u200B')).exit).toBe(EXIT.usage)
  })
})

describe('tollgate users list', () => {
  it('shows who may sign in', async () => {
    expect((await here('users', 'list')).exit).toBe(EXIT.store)
    await addAda({ disabled: true })
    expect((await here('users', 'list')).out).toMatch(
      /ada@example\.com\s+admin\s+0\s+never\s+disabled/,
    )
  })
})
