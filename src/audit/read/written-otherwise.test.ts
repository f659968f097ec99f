import { Buffer } from 'node:buffer'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { currencyOf } from '../analyse/message-prices.js'
import { type ReadLogs, type ReadOptions, readLogs } from './read-logs.js'

const now = Date.UTC(2026, 10, 22)
let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'audit-written-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name)
  writeFileSync(path, content)
  return path
}
const read = (paths: string[], options: Partial<ReadOptions> = {}): Promise<ReadLogs> =>
  readLogs({ now, ...options, paths })
const days = ({ log }: ReadLogs): string[] =>
  [...new Set(log.columns.at.subarray(0, log.size))].map((at) =>
    new Date(at).toISOString().slice(0, 10),
  )

const DAY = 86_400_000
const FIRST = Date.UTC(2026, 6, 1)
const slashed = (at: number): string => {
  const [year, month, day] = new Date(at).toISOString().slice(0, 10).split('-')
  return `${day}/${month}/${year}`
}

/** Rows of some days from the first of July on, as many on each, with the day first. */
function dayFirstRows(from: number, to: number, each: number): string {
  let text = ''
  for (let day = from; day < to; day++)
    for (let i = 0; i < each; i++)
      text += `+23480312${String(day * each + i).padStart(5, '0')},${slashed(FIRST + day * DAY)},0.05\n`
  return text
}

describe('dates whose order the first rows leave open', () => {
  // the whole of what is looked at before the first row is of the first of July
  const log = `to,at,price\n${dayFirstRows(0, 15, 1_500)}`
  it.each<[string, string | Uint8Array]>([
    ['plain.csv', log],
    ['packed.csv.gz', gzipSync(log)],
  ])('are settled by a later one: %s', async (name, content) => {
    const result = await read([file(name, content)])
    expect(result.skipped).toEqual([])
    expect(result.log.size).toBe(22_500)
    expect(days(result)).toHaveLength(15)
    expect(days(result)[0]).toBe('2026-07-01')
    expect(days(result).at(-1)).toBe('2026-07-15')
  })

  it('are settled by the other files of a log that has one a day', async () => {
    const paths = Array.from({ length: 14 }, (_, day) =>
      file(
        `day-${String(day + 1).padStart(2, '0')}.csv`,
        `to,at,price\n${dayFirstRows(day, day + 1, 3)}`,
      ),
    )
    const result = await read(paths)
    expect(result.skipped).toEqual([])
    expect(days(result)).toEqual(
      Array.from({ length: 14 }, (_, day) =>
        new Date(FIRST + day * DAY).toISOString().slice(0, 10),
      ),
    )
  })
})

describe('letters of one byte', () => {
  it('are read as Windows writes them: prices in pounds, names of columns', async () => {
    const text =
      'Empf\u00e4nger;at;price;w\u00e4hrung\n+2348031234567;2026-07-01 10:00:00;\u00a30.05;\n+2348031234568;2026-07-01 10:00:01;0.04 \u00a3;\n'
    const result = await read([file('latin.csv', Buffer.from(text, 'latin1'))], {
      map: 'to=Empf\u00e4nger,at=at,price=price',
    })
    expect(result.totals).toEqual({ rows: 2, micro: 90_000, unpriced: 0 })
    expect(currencyOf(result.log)).toBe('GBP')
  })

  it('are not assumed for a text cut in the middle of a letter', async () => {
    const body = Buffer.concat([
      Buffer.from('\u20ac\u20ac\u20ac'),
      Buffer.from('\u20ac').subarray(0, 2),
    ])
    const content = Buffer.concat([
      Buffer.from('to,at,price,body\n+2348031234567,2026-07-01 10:00:00,\u20ac0.05,'),
      body,
      Buffer.from('\n'),
    ])
    const result = await read([file('cut-letter.csv', content)])
    expect(result.totals.micro).toBe(50_000)
    expect(currencyOf(result.log)).toBe('EUR')
  })
})

describe('the currency of a log', () => {
  const mixed =
    'to,at,price,currency\n+2348031234567,2026-07-01 10:00:00,1,EUR\n+2348031234568,2026-07-01 10:00:01,2,USD\n+2348031234569,2026-07-01 10:00:02,3,USD\n+2348031234560,2026-07-01 10:00:03,4,GBP\n'
  it('is that of the messages that are kept, whichever was named first', async () => {
    const path = file('mixed.csv', mixed)
    const most = await read([path])
    expect([currencyOf(most.log), most.totals.micro]).toEqual(['USD', 5e6])
    const asked = await read([path], { currency: 'gbp' })
    expect([currencyOf(asked.log), asked.totals.micro]).toEqual(['GBP', 4e6])
  })

  it('is the one asked for where the log names none, and that of its column of prices', async () => {
    const bare = file('bare.csv', 'to,at,price\n+2348031234567,2026-07-01 10:00:00,1\n')
    expect((await read([bare])).log.billedIn).toBe('')
    expect((await read([bare], { currency: 'EUR' })).log.billedIn).toBe('EUR')
    const named = file('named.csv', 'to,at,price_eur\n+2348031234567,2026-07-01 10:00:00,1\n')
    const result = await read([named], { map: 'to=to,at=at,price=price_eur' })
    expect(result.log.billedIn).toBe('EUR')
  })
})

describe('a file that was cut off', () => {
  it('does not count its last line, of which columns are missing', async () => {
    const whole =
      'to,at,price,currency,status\n+2348031234567,2026-07-01 10:00:00,0.0512,USD,delivered\n'
    const result = await read([file('cut.csv', `${whole}+2348031234568,2026-07-01 10:00:01,0.05`)])
    expect(result.totals).toEqual({ rows: 1, micro: 51_200, unpriced: 0 })
    expect(result.skipped).toMatchObject([{ why: 'broken_line', rows: 1 }])
    // rows that were short all along are no sign of it
    const short =
      'to,at,price,currency,status\n+2348031234567,2026-07-01 10:00:00,0.0512\n+2348031234568,2026-07-01 10:00:01,0.05'
    expect((await read([file('short.csv', short)])).totals.rows).toBe(2)
  })
})

describe('rows without ids that say the same', () => {
  const row = (seconds: string): string => `+2348031234567,2026-07-01 10:00:${seconds},0.05\n`
  const log = (seconds: string): string => `to,at,price\n${row(seconds).repeat(2)}`

  it('are one message where times are of seconds, and two where they are of minutes', async () => {
    const exact = await read([
      file('exact.csv', `${log('05')}+2348031234568,2026-07-01 10:00:00,0.05\n`),
    ])
    expect([exact.log.size, exact.duplicates]).toEqual([2, 1])
    const coarse = await read([file('coarse.csv', log('00'))])
    expect([coarse.log.size, coarse.duplicates, coarse.totals.micro]).toEqual([2, 0, 100_000])
  })

  it('are what both hold where files of minutes overlap', async () => {
    const paths = [file('one.csv', log('00')), file('two.csv', log('00'))]
    const both = await read(paths)
    expect([both.log.size, both.duplicates]).toEqual([2, 2])
  })
})
