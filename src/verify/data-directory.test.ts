import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isDataDirectoryInUse, openDataDirectory } from './data-directory.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-data-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a data directory that cannot be used is told with its path and what to do', () => {
  it.each(['file', 'file/below'])('a file in its path: %s', async (path) => {
    writeFileSync(join(folder, 'file'), '')
    await expect(openDataDirectory(join(folder, path))).rejects.toThrow(
      `the directory ${join(folder, path)} cannot be made: ${join(folder, 'file')} is no directory`,
    )
  })

  it('where nothing can be written it is not said to be in use', async () => {
    // stands for a folder of another user, which stops nobody who is root
    mkdirSync(join(folder, 'lock'))
    await expect(openDataDirectory(folder)).rejects.toThrow(
      `the data directory ${folder} cannot be written (unable to open database file): give one that this user may write`,
    )
  })

  it('by another process', async () => {
    const { release } = await openDataDirectory(folder)
    await expect(openDataDirectory(folder)).rejects.toThrow(/in use by another process/)
    expect(await isDataDirectoryInUse(folder)).toBe(true)
    release()
    expect(await isDataDirectoryInUse(folder)).toBe(false)
    expect(await isDataDirectoryInUse(join(folder, 'nowhere'))).toBe(false)
    ;(await openDataDirectory(folder)).release()
  })
})
