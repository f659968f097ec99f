import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { textLines } from './text-lines.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-lines-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function lines(bytes: string | Buffer, name = 'a.txt', most = Number.POSITIVE_INFINITY) {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  const read: string[] = []
  for await (const line of textLines(file)) {
    read.push(line)
    if (read.length === most) break
  }
  return read
}
const noise = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919 + (i >> 5)) % 251))

describe('lines of a text file', () => {
  it('end in LF or CRLF, the last one perhaps in nothing', async () => {
    expect(await lines('a\r\n\nb\r\r\nc')).toEqual(['a', '', 'b\r', 'c'])
    expect(await lines('a\n')).toEqual(['a'])
    expect(await lines('')).toEqual([])
  })

  it('are whole where characters and lines lie across the pieces that are read', async () => {
    const long = 'ä€😀'.repeat(40_000)
    expect(await lines(`${long}\n${long}`)).toEqual([long, long])
    expect(await lines(gzipSync(`${long}\n${long}`), 'a.gz')).toEqual([long, long])
  })

  it('begin behind a byte order mark, and are of UTF-8 alone', async () => {
    expect(await lines('\ufeffa\n\ufeffb\n')).toEqual(['a', '\ufeffb'])
    const wide = Buffer.from('\ufeffa\nb\n', 'utf16le')
    await expect(lines(wide)).rejects.toThrow('is no text in UTF-8; save it as UTF-8')
  })

  it('of a torn gzip file end in words, and in nothing for whoever has stopped reading', async () => {
    const torn = gzipSync(Buffer.concat([Buffer.from('a\n'.repeat(200_000)), noise])).subarray(
      0,
      -9,
    )
    await expect(lines(torn, 'a.gz')).rejects.toThrow('is no whole gzip file')
    expect(await lines(torn, 'a.gz', 1)).toEqual(['a'])
    await expect(lines('', 'a.gz')).rejects.toThrow('is no whole gzip file')
    await expect(lines('plain', 'a.gz')).rejects.toThrow('is no whole gzip file')
  })

  it('have an end: a file without one is refused before it fills memory', async () => {
    await expect(lines(Buffer.alloc(3_000_000, 'x'))).rejects.toThrow('is longer than')
    // a bomb of 200 MB in 200 kB
    await expect(lines(gzipSync(Buffer.alloc(200_000_000)), 'a.gz')).rejects.toThrow('is longer')
  })

  it('of no file are told by the system', async () => {
    await expect(textLines(join(folder, 'none')).next()).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
