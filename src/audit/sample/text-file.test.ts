import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { createTextFile } from './text-file.js'

const dir = mkdtempSync(join(tmpdir(), 'tollgate-text-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const line = (n: number): string => `line ${n} of a file that is longer than what is gathered\n`
const LINES = 20_000

describe('createTextFile', () => {
  it.each(['plain.csv', 'zipped.csv.gz'])('writes %s whole, in order', async (name) => {
    const path = join(dir, name)
    const file = createTextFile(path)
    let expected = ''
    for (let n = 0; n < LINES; n++) {
      await file.write(line(n))
      expected += line(n)
    }
    await file.close()
    const content = readFileSync(path)
    expect((name.endsWith('.gz') ? gunzipSync(content) : content).toString()).toBe(expected)
  })

  it('fails where the directory is missing', async () => {
    const file = createTextFile(join(dir, 'missing', 'a.csv'))
    await file.write('a')
    await expect(file.close()).rejects.toThrow(/ENOENT/)
  })

  it.skipIf(!existsSync('/dev/full'))('stops when the disk is full', async () => {
    const file = createTextFile('/dev/full')
    await expect(
      (async () => {
        for (let n = 0; n < LINES * 10; n++) await file.write(line(n))
        await file.close()
      })(),
    ).rejects.toThrow(/ENOSPC/)
  })
})
