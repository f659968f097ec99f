import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ReadOptions, readLogs } from './read-logs.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-dates-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

type Row = { at: string; to: string; price: string }
const rowsOf = (dates: readonly string[]): Row[] =>
  dates.map((date, i) => ({
    at: `${date} 10:00:00`,
    to: `+23480312${String(10_000 + i).slice(-5)}`,
    price: '0.05',
  }))
const csv = (rows: readonly Row[], mark = ','): string =>
  [['at', 'to', 'price'], ...rows.map(({ at, to, price }) => [at, to, price])]
    .map((row) => `${row.join(mark)}\n`)
    .join('')

/** Every format in which the same rows can stand. */
const FORMATS: [name: string, write: (rows: readonly Row[]) => string | Buffer][] = [
  ['a.csv', csv],
  ['a.tsv', (rows) => csv(rows, '\t')],
  ['a.csv.gz', (rows) => gzipSync(csv(rows))],
  ['a.ndjson', (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')],
  ['a.ndjson.gz', (rows) => gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))],
  ['a.json', (rows) => JSON.stringify({ messages: rows })],
]

const at = (name: string, content: string | Buffer): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const read = async (paths: string[], options: Partial<ReadOptions> = {}) => {
  const { log, skipped } = await readLogs({ paths, now: Date.UTC(2026, 11, 31), ...options })
  const times = [...log.columns.at.subarray(0, log.size)]
  return {
    dates: times.map((time) => new Date(time).toISOString().slice(5, 10)),
    said: skipped
      .filter(({ why }) => why === 'ambiguous_dates')
      .flatMap(({ examples }) => examples),
  }
}

describe('the order of day and month', () => {
  it.each(FORMATS)('is told by one date far behind the first rows: %s', async (name, write) => {
    // read by what lies closer together they would be two days of May, behind a certain date two days a month apart
    const dates = [
      ...Array.from({ length: 2_500 }, (_, i) => (i % 2 ? '05/02/2026' : '05/01/2026')),
    ]
    const { dates: found, said } = await read([at(name, write(rowsOf([...dates, '13/02/2026'])))])
    expect([found[0], found[1], found.at(-1)]).toEqual(['01-05', '02-05', '02-13'])
    expect(said).toEqual([])
  })

  it.each(FORMATS)('is that of the other files of one export: %s', async (name, write) => {
    const open = at(`1-${name}`, write(rowsOf(['05/01/2026', '05/02/2026'])))
    const told = at(`2-${name}`, write(rowsOf(['13/02/2026'])))
    expect(await read([open, told])).toEqual({ dates: ['01-05', '02-05', '02-13'], said: [] })
  })

  it.each(FORMATS)(
    'is said with the option that settles it where nothing tells: %s',
    async (name, write) => {
      const open = at(`open-${name}`, write(rowsOf(['05/01/2026', '05/02/2026'])))
      const guessed = await read([open])
      expect(guessed.dates).toEqual(['05-01', '05-02'])
      expect(guessed.said).toEqual([
        `${open}: dates such as "05/01/2026" are read with the month first (so they lie closer together; no date tells): if that is wrong, give --dates day-first`,
      ])
      const settled = await read([open], { dates: 'day-first' })
      expect(settled).toEqual({ dates: ['01-05', '02-05'], said: [] })
    },
  )

  it('of a file of outcomes is settled and said as well', async () => {
    const log = at('log.csv', 'at,to\n2026-03-04 10:00:00,+2348031234567\n')
    const outcomes = at('outcomes.csv', 'at,to\n04/03/2026 10:00:30,+2348031234567\n')
    const { skipped } = await readLogs({
      ...{
        paths: [log],
        map: 'to=to,at=at',
        outcomes,
        now: Date.UTC(2026, 11, 31),
        dates: 'day-first',
      },
    })
    expect(skipped).toEqual([])
    await expect(
      readLogs({ paths: [log], map: 'to=to,at=at', outcomes, now: Date.UTC(2026, 11, 31) }),
    ).rejects.toThrow(/outcomes of 2026-04-03/)
  })
})
