import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ReadOptions, readLogs } from './read-logs.js'

const now = Date.UTC(2026, 5, 1)
let dir = ''
let instance: DuckDBInstance
let connection: DuckDBConnection
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'audit-parquet-dates-'))
  instance = await DuckDBInstance.create(':memory:')
  connection = await instance.connect()
})
afterAll(() => {
  connection.closeSync()
  instance.closeSync()
  rmSync(dir, { recursive: true })
})

let files = 0

/** A message log of which the times are given in SQL, one message each. */
async function log(times: readonly string[], column = 'at'): Promise<string> {
  const path = join(dir, `${++files}.parquet`)
  const rows = times.map((at, i) => `(${at}, '+23480312345${10 + i}', 0.05)`)
  await connection.run(
    `COPY (SELECT * FROM (VALUES ${rows.join(', ')}) log("${column}", "to", price)) TO '${path}' (FORMAT parquet)`,
  )
  return path
}

/** Times that are read, ISO 8601, and what is not, by reason. */
async function read(path: string, options: Partial<ReadOptions> = {}) {
  const { log, skipped } = await readLogs({ paths: [path], now, ...options })
  return {
    times: [...log.columns.at.subarray(0, log.size)].map((at) => new Date(at).toISOString()),
    skipped: Object.fromEntries(skipped.map(({ why, rows }) => [why, rows])),
  }
}

const WINTER = '2026-03-01 10:00:00.123456'
const EPOCH = Date.UTC(2026, 2, 1, 10)

describe('times of a Parquet log', () => {
  it.each([
    ['seconds', `TIMESTAMP_S '2026-03-01 10:00:00'`, '2026-03-01T10:00:00.000Z'],
    ['milliseconds', `TIMESTAMP_MS '${WINTER}'`, '2026-03-01T10:00:00.123Z'],
    ['microseconds', `TIMESTAMP '${WINTER}'`, '2026-03-01T10:00:00.123Z'],
    ['nanoseconds', `TIMESTAMP_NS '${WINTER}789'`, '2026-03-01T10:00:00.123Z'],
    ['days', `DATE '2026-03-01'`, '2026-03-01T00:00:00.000Z'],
  ])('without a zone, in %s, are of UTC or of --timezone', async (_, at, utc) => {
    const path = await log([at])
    expect(await read(path)).toEqual({ times: [utc], skipped: {} })
    const hour = (text: string) => new Date(Date.parse(text) - 3_600_000).toISOString()
    expect(await read(path, { timezone: 'Africa/Lagos' })).toEqual({
      times: [hour(utc)],
      skipped: {},
    })
  })

  it('without a zone follow the summer time of --timezone', async () => {
    const path = await log([`TIMESTAMP '2026-03-29 00:30:00'`, `TIMESTAMP '2026-03-29 03:30:00'`])
    expect((await read(path, { timezone: 'Europe/Berlin' })).times).toEqual([
      '2026-03-28T23:30:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ])
  })

  it.each([
    ['a zone', `TIMESTAMPTZ '2026-03-01 11:00:00+01'`],
    ['a zone as text', `'2026-03-01T11:00:00+01:00'`],
    ['a zone as text of a database', `'2026-03-01 11:00:00.000000+01'`],
    ['a zone in a date of mail', `'Sun, 01 Mar 2026 11:00:00 +0100'`],
    ['the epoch in seconds', String(EPOCH / 1_000)],
    ['the epoch in milliseconds', String(EPOCH)],
    ['the epoch in microseconds', `${EPOCH}000`],
    ['the epoch in nanoseconds', `${EPOCH}000000`],
    ['the epoch in seconds as a float', `CAST(${EPOCH / 1_000} AS DOUBLE)`],
    ['the epoch in milliseconds as a float', `CAST(${EPOCH} AS DOUBLE)`],
    ['the epoch in milliseconds as text', `'${EPOCH}'`],
    ['the epoch in seconds as a decimal', `CAST(${EPOCH / 1_000} AS DECIMAL(18, 3))`],
  ])('with %s do not go by --timezone', async (_, at) => {
    const times = ['2026-03-01T10:00:00.000Z']
    expect(await read(await log([at]), { timezone: 'America/New_York' })).toEqual({
      times,
      skipped: {},
    })
  })

  it('as text are read in the order of day and month that the file tells', async () => {
    const path = await log([`'03/04/2026 10:00'`, `'13/04/2026 10:00'`])
    expect((await read(path)).times).toEqual([
      '2026-04-03T10:00:00.000Z',
      '2026-04-13T10:00:00.000Z',
    ])
    const open = await log([`'03/04/2026 10:00'`])
    expect((await read(open, { dates: 'month-first' })).times).toEqual(['2026-03-04T10:00:00.000Z'])
  })

  it('of a log as a provider calls it are read inside structs', async () => {
    const path = await log([`{'sent': TIMESTAMP_NS '${WINTER}', 'done': NULL}`], 'when')
    expect((await read(path, { map: 'at=when.sent,to=to,price=price' })).times).toEqual([
      '2026-03-01T10:00:00.123Z',
    ])
  })

  it('that are none are counted', async () => {
    const path = await log([
      `TIMESTAMP '2026-03-01 10:00:00'`,
      'NULL',
      `TIMESTAMP 'infinity'`,
      `TIMESTAMP '1815-06-18 11:00:00'`,
      `TIMESTAMP '2041-01-01 00:00:00'`,
    ])
    expect(await read(path)).toEqual({
      times: ['2026-03-01T10:00:00.000Z'],
      skipped: { bad_time: 3, future: 1 },
    })
  })
})
