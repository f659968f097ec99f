import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wholeFile, wholeFiles } from './whole-file.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-whole-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)
const text = (name: string) => readFileSync(at(name), 'utf8')
const modeOf = (name: string) => statSync(at(name)).mode & 0o777
const listeners = () => process.listenerCount('SIGINT')

describe('wholeFile', () => {
  it('takes the place of the file at the end, with its rights', async () => {
    writeFileSync(at('a.csv.gz'), 'old')
    chmodSync(at('a.csv.gz'), 0o640)
    const before = listeners()
    const result = await wholeFile(at('a.csv.gz'), (draft) => {
      writeFileSync(draft, 'half')
      expect(text('a.csv.gz')).toBe('old')
      expect(draft).toMatch(/a\.csv\.gz$/)
      expect(listeners()).toBe(before + 1)
      writeFileSync(draft, 'new')
      return 5
    })
    expect(result).toBe(5)
    expect(text('a.csv.gz')).toBe('new')
    expect(modeOf('a.csv.gz')).toBe(0o640)
    expect(readdirSync(folder)).toEqual(['a.csv.gz'])
    expect(listeners()).toBe(before)
  })

  it.each([['old'], []])('after a failure what was there is there: %s', async (...before) => {
    for (const name of before) writeFileSync(at(name), 'old')
    await expect(
      wholeFile(at('old'), (draft) => {
        writeFileSync(draft, 'half')
        throw new Error('no space left')
      }),
    ).rejects.toThrow('no space left')
    expect(readdirSync(folder)).toEqual(before)
    for (const name of before) expect(text(name)).toBe('old')
  })

  it('is private before anything is in it, also where others could read what was there', async () => {
    writeFileSync(at('person'), 'old', { mode: 0o644 })
    for (const name of ['person', 'other']) {
      const mode = await wholeFile(at(name), (draft) => statSync(draft).mode & 0o777, {
        private: true,
      })
      expect([mode, modeOf(name)]).toEqual([0o600, 0o600])
    }
  })

  it('leaves a link a link', async () => {
    writeFileSync(at('real'), 'old')
    symlinkSync('real', at('link'))
    await wholeFile(at('link'), (draft) => writeFileSync(draft, 'new'))
    expect(text('real')).toBe('new')
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true)
  })

  it.skipIf(!existsSync('/dev/null'))('writes to a device itself', async () => {
    expect(await wholeFile('/dev/null', (draft) => draft, { private: true })).toBe('/dev/null')
  })

  it('names the file, and not its draft, where it cannot be', async () => {
    await expect(wholeFile(at('missing/a'), () => undefined)).rejects.toMatchObject({
      code: 'ENOENT',
      path: at('missing/a'),
    })
  })
})

it('several files are there all of them or none', async () => {
  const paths = { traffic: at('traffic'), labels: at('labels') }
  const write = (fail: boolean) =>
    wholeFiles(paths, async ({ traffic, labels }) => {
      writeFileSync(traffic, 't')
      writeFileSync(labels, 'l')
      if (fail) throw new Error('stop')
    })
  await expect(write(true)).rejects.toThrow('stop')
  expect(readdirSync(folder)).toEqual([])
  await write(false)
  expect([text('traffic'), text('labels')]).toEqual(['t', 'l'])
})
