import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { column, createLogFiles, HEAD, row, rows, skips } from '../../../test/fakes/log-files.js'

const { at, fault, file, read } = createLogFiles()

describe('what is no log', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['an empty file', '', 'no message was found in'],
    ['blanks', ' \n\n', 'no message was found in'],
    ['a header alone', HEAD, 'holds a header and no row below it'],
    ['a header of no known log alone', 'a,b,c\n', 'holds a header and no row below it: a | b | c'],
    ['an empty list', '[]', 'no message was found in'],
    [
      'a program',
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0]),
      'is binary and no log',
    ],
    [
      'a workbook',
      Buffer.from('PK\u0003\u0004rest'),
      'Excel workbook; unpack it, or save the sheet as CSV',
    ],
    ['a database', 'SQLite format 3\u0000', 'SQLite database'],
    ['broken Parquet', 'PAR1PAR1', 'is no readable Parquet file'],
    [
      'another delimiter',
      'sid^to^date_sent^price\nSM1^+2348031234567^2026-03-01^-0.05\n',
      'no comma, semicolon, tab or vertical bar separates columns',
    ],
    ['prose', 'Dear all,\nhere is the log.\n', 'its columns are of no known log'],
    [
      'only bad rows',
      HEAD + row(1, { to: 'Ada' }) + row(2, { to: 'Bob' }),
      'none of its 2 rows is a message',
    ],
    ['only inbound rows', HEAD + row(1, { direction: 'inbound' }), 'inbound: 1 rows'],
    ['broken JSON', '{"sid": "SM1", "to": \n', 'no message was found in'],
    ['broken NDJSON', '{"sid":"SM1"\n{"sid":"SM2"\n', 'none of its 2 rows'],
  ])('%s is refused', async (_, content, says) => {
    expect(await fault(read(file(content)))).toContain(says)
  })

  it('neither is a directory, nor a file that is not there', async () => {
    expect(await fault(read(at('')))).toContain('is a directory')
    expect(await fault(read('/dev/null'))).toContain('is a pipe or a device')
    expect(await fault(read(at('none.csv')))).toContain('there is no file none.csv')
    expect(await fault(read(at('none-*.csv')))).toContain('no file matches none-*.csv')
  })

  it('is counted beside files that are', async () => {
    const result = await read([file(''), file(HEAD + rows(0, 2))])
    expect(result.skipped).toMatchObject([{ why: 'empty_file', rows: 0 }])
    expect(result.log.size).toBe(2)
  })

  it('an archive that is cut off or damaged is read as far as it goes, and said to be', async () => {
    const packed = gzipSync(HEAD + rows(0, 40_000))
    const damaged = Buffer.from(packed)
    damaged.fill(0xff, packed.length - 20_000, packed.length - 19_000)
    for (const content of [packed.subarray(0, packed.length - 3000), damaged]) {
      const result = await read(file(content))
      expect(result.log.size).toBeGreaterThan(1000)
      expect(result.log.size).toBeLessThan(40_000)
      expect(result.skipped.map(({ why }) => why)).toContain('truncated')
      // the record at the cut is not half read
      expect(new Set(column(result, 'priceMicro'))).toEqual(new Set([50_000]))
      expect(column(result, 'number').every((number) => number > 2e12)).toBe(true)
    }
  })

  it('lines of NDJSON that are broken are counted, and those behind them read', async () => {
    const good = (i: number): string =>
      JSON.stringify({ id: `m${i}`, to: '+2348031234567', at: 1_772_359_205_000 + i, price: 0.05 })
    const result = await read(
      file(`${good(1)}\n{"to": "+23480312\n${good(2)}\nnot json\n${good(3)}\n`),
    )
    expect(result.log.size).toBe(3)
    expect(skips(result)).toEqual({ bad_json: 2 })
    expect(result.skipped[0]?.examples[0]).toMatch(/:2: no JSON object/)
  })
})
