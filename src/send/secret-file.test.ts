import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resolveSecret } from './secret.js'
import { readSecretFile } from './secret-file.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-secret-file-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(text: string, mode = 0o600): string {
  const file = join(folder, 'secret')
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

function read(file: string): { text: string; warnings: string[] } {
  const warnings: string[] = []
  const text = readSecretFile(file, 'TOLLGATE_X_FILE', (warning) => warnings.push(warning))
  return { text, warnings }
}

describe('a secret in a file', () => {
  it.each([
    ['secret', 'secret'],
    ['secret\n', 'secret'],
    ['secret\r\n', 'secret'],
    [' spaces belong to it \n\n', ' spaces belong to it '],
    ['two\nlines\n', 'two\nlines'],
  ])('%j is %j', (written, secret) => {
    expect(read(write(written))).toEqual({ text: secret, warnings: [] })
  })

  it.each([
    [0o400, null],
    [0o440, null],
    [0o640, null],
    [0o644, /everybody on this machine may read .* \(mode 644\); chmod 600/],
    [0o660, /others may change .* \(mode 660\)/],
    [0o602, /others may change .* \(mode 602\)/],
  ])('rights %o', (mode, told) => {
    const { warnings } = read(write('secret', mode))
    if (told === null) expect(warnings).toEqual([])
    else expect(warnings).toEqual([expect.stringMatching(told)])
  })

  it('that is missing, empty, a directory or no secret is an error that names setting and file', () => {
    expect(() => read(join(folder, 'none'))).toThrow(
      `TOLLGATE_X_FILE: the file ${folder}/none cannot be read (there is none). Check its path and rights`,
    )
    expect(() => read(write('\n'))).toThrow(`TOLLGATE_X_FILE: the file ${folder}/secret is empty`)
    mkdirSync(join(folder, 'folder'))
    expect(() => read(join(folder, 'folder'))).toThrow('it is a directory')
    expect(() => read(write('x'.repeat(70_000)))).toThrow('has 70000 bytes; that is no secret')
  })

  it('is found beside the variable that the configuration names', () => {
    const file = write('from the file\n')
    const secret = { env: 'SMS_TOKEN' }
    expect(resolveSecret(secret, 'send[0].authToken', { SMS_TOKEN: 'direct' })).toBe('direct')
    expect(resolveSecret(secret, 'send[0].authToken', { SMS_TOKEN_FILE: file })).toBe(
      'from the file',
    )
    expect(() =>
      resolveSecret(secret, 'send[0].authToken', { SMS_TOKEN: 'a', SMS_TOKEN_FILE: file }),
    ).toThrow('send[0].authToken: SMS_TOKEN and SMS_TOKEN_FILE are both set')
    expect(() => resolveSecret(secret, 'send[0].authToken', {})).toThrow(
      'SMS_TOKEN is not set, nor is SMS_TOKEN_FILE',
    )
  })
})
