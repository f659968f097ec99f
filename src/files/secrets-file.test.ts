import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSecrets, replaceSecrets } from './secrets-file.js'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-secrets-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const rights = (file: string) => statSync(file).mode & 0o777

describe('a file of secrets', () => {
  it('is made once, for its owner only', () => {
    const file = join(directory, 'key')
    makeSecrets(file, () => 'first')
    makeSecrets(file, () => 'second')
    expect(readFileSync(file, 'utf8')).toBe('first')
    expect(rights(file)).toBe(0o600)
    expect(readdirSync(directory)).toEqual(['key'])
  })

  it('leaves the one that somebody else made meanwhile', () => {
    const file = join(directory, 'key')
    makeSecrets(file, () => {
      writeFileSync(file, 'theirs')
      return 'ours'
    })
    expect(readFileSync(file, 'utf8')).toBe('theirs')
    expect(readdirSync(directory)).toEqual(['key'])
  })

  it('is replaced as a whole, and others cannot read it any more', () => {
    const file = join(directory, 'key')
    writeFileSync(file, 'old', { mode: 0o644 })
    replaceSecrets(file, 'new')
    expect(readFileSync(file, 'utf8')).toBe('new')
    expect(rights(file)).toBe(0o600)
    expect(readdirSync(directory)).toEqual(['key'])
  })
})
