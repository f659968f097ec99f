import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installationSecret, secretFromEnvironment } from './secret.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-secret-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const HEX = 'ab'.repeat(32)

describe('the secret of an installation', () => {
  it('comes from the environment, as text or hex', () => {
    expect(secretFromEnvironment({})).toBeNull()
    expect(secretFromEnvironment({ TOLLGATE_SECRET: HEX })).toEqual(Buffer.from(HEX, 'hex'))
    const text = 'correct horse battery staple and some more'
    expect(secretFromEnvironment({ TOLLGATE_SECRET: text })).toEqual(Buffer.from(text))
  })

  it('or from a file, without its line end', () => {
    const file = join(folder, 'secret')
    writeFileSync(file, `${HEX}\n`)
    expect(secretFromEnvironment({ TOLLGATE_SECRET_FILE: file })).toEqual(Buffer.from(HEX, 'hex'))
    expect(secretFromEnvironment({ TOLLGATE_SECRET_FILE: '' })).toBeNull()
    const both = { TOLLGATE_SECRET: HEX, TOLLGATE_SECRET_FILE: '' }
    expect(secretFromEnvironment(both)).toEqual(Buffer.from(HEX, 'hex'))
  })

  it.each([
    [{ TOLLGATE_SECRET: 'short' }, 'TOLLGATE_SECRET has 5 characters, at least 32'],
    [{ TOLLGATE_SECRET: HEX, TOLLGATE_SECRET_FILE: 'x' }, 'are both set'],
    [
      { TOLLGATE_SECRET_FILE: '/nowhere/secret' },
      'TOLLGATE_SECRET_FILE: the file /nowhere/secret cannot be read (there is none)',
    ],
  ])('%j is refused', (env, told) => {
    expect(() => secretFromEnvironment(env)).toThrow(told)
  })

  it('or is made once in the data directory, for its owner only', async () => {
    const data = join(folder, 'data')
    const made = await installationSecret(data, {})
    const file = join(data, 'server.key')
    expect(made.toString('hex')).toBe(readFileSync(file, 'utf8').trim())
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await installationSecret(data, {})).toEqual(made)
  })
})
