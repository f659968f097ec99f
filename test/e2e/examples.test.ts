import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFakeTwilio } from '../fakes/twilio-messages.js'
import { buildPackage } from './built-package.js'

const EXAMPLES = resolve(import.meta.dirname, '../../examples')
const directory = mkdtempSync(join(tmpdir(), 'tollgate-examples-'))
const run = (example: string, env: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, [join(directory, 'examples', example)], {
    cwd: directory,
    env: { PATH: process.env.PATH, ...env },
  })

beforeAll(() => {
  buildPackage(directory)
  cpSync(EXAMPLES, join(directory, 'examples'), { recursive: true })
}, 60_000)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the examples run as they are', () => {
  test('guarding your own Twilio call: a person is served, a script runs dry', async () => {
    const fake = await startFakeTwilio()
    const { stdout, stderr } = await run('guard-your-own-twilio-call.mjs', {
      TWILIO_BASE_URL: fake.baseUrl,
      TWILIO_ACCOUNT_SID: fake.accountSid,
      TWILIO_AUTH_TOKEN: fake.authToken,
      TWILIO_FROM: '+15005550006',
    })
    expect(stderr).toBe('')
    expect(stdout).toContain('person: code sent and verified')
    expect(stdout).toMatch(/script: 2 of 20 sent; refused: .*block\.credit_exhausted/)
    expect(fake.messages.map(({ to }) => to)).toEqual([
      '+2348031234567',
      '+2348037770000',
      '+2348037770001',
    ])
    await fake.close()
  })

  test('guarding your own Twilio call: says what it needs', async () => {
    await expect(run('guard-your-own-twilio-call.mjs')).rejects.toThrow(/set TWILIO_ACCOUNT_SID/)
  })

  test('a whole verification', async () => {
    const { stdout, stderr } = await run('whole-verification.mjs')
    expect(stderr).toBe('')
    expect(stdout).toContain('SMS to +2348031234567')
    expect(stdout).toContain('status: sent | verdict: allow')
    expect(stdout).toContain('wrong code: wrong_code | left: 4')
    expect(stdout).toContain('right code: verified')
    expect(stdout).toMatch(/Z start: allow/)
  })

  test.each(['guard-your-own-twilio-call.mjs', 'whole-verification.mjs'])(
    '%s can be read at one sitting',
    (example) => {
      const lines = readFileSync(join(EXAMPLES, example), 'utf8').split('\n')
      expect(lines.length).toBeLessThan(60)
    },
  )
})
