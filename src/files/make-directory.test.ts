import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DirectoryError, makeDirectory } from './make-directory.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-make-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const modeOf = (path: string) => statSync(path).mode & 0o777

describe('makeDirectory', () => {
  it('makes those that are missing, and leaves those that are there', () => {
    const path = join(folder, 'a', 'b')
    makeDirectory(path, 0o700)
    expect([modeOf(join(folder, 'a')), modeOf(path)]).toEqual([0o700, 0o700])
    makeDirectory(path, 0o755)
    makeDirectory(`${path}/../b/`, 0o755)
    expect(modeOf(path)).toBe(0o700)
    makeDirectory('/')
  })

  it('takes a link to a directory for one', () => {
    symlinkSync(folder, join(folder, 'link'))
    makeDirectory(join(folder, 'link', 'new'))
    expect(existsSync(join(folder, 'new'))).toBe(true)
  })

  it.each(['file', 'file/below', 'file/far/below'])('a file in its path is told: %s', (path) => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(() => makeDirectory(join(folder, path))).toThrow(
      new DirectoryError(
        `the directory ${join(folder, path)} cannot be made: ${file} is no directory`,
      ),
    )
  })

  it.skipIf(!existsSync('/proc/self'))('ends where the file system takes none', () => {
    expect(() => makeDirectory('/proc/tollgate/data')).toThrow(
      'the directory /proc/tollgate/data cannot be made: the file system of /proc/tollgate takes none',
    )
  })
})
