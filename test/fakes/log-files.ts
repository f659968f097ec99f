import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { type ReadLogs, type ReadOptions, readLogs } from '../../src/audit/read/read-logs.js'

const now = Date.UTC(2026, 5, 1)

/** Files of message logs in a directory of the test's own, and how they are read. */
export function createLogFiles() {
  let dir = ''
  let files = 0
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'audit-read-'))
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  return {
    /** @returns path of a file of that content */
    file(content: string | Uint8Array, name = `log-${++files}.csv`): string {
      const path = join(dir, name)
      writeFileSync(path, content)
      return path
    },
    /** Path of a file by its name; of the directory without one. */
    at: (name: string): string => join(dir, name),
    read: (paths: string | string[], options: Partial<ReadOptions> = {}): Promise<ReadLogs> =>
      readLogs({ now, ...options, paths: [paths].flat() }),
    /** What the error says, with paths taken out. */
    async fault(reading: Promise<ReadLogs>): Promise<string> {
      const error: unknown = await reading.then(
        () => null,
        (thrown: unknown) => thrown,
      )
      expect(error).toMatchObject({ name: 'LogError' })
      return (error as Error).message.replaceAll(`${dir}/`, '')
    },
  }
}

/** Rows that were not used, by reason. */
export const skips = ({ skipped }: ReadLogs): Record<string, number> =>
  Object.fromEntries(skipped.map(({ why, rows }) => [why, rows]))

export const column = (
  { log }: ReadLogs,
  name: 'at' | 'number' | 'priceMicro' | 'masked' | 'outcome',
) => [...log.columns[name].subarray(0, log.size)]

export const HEAD =
  'sid,date_sent,from,to,status,price,price_unit,num_segments,error_code,direction\n'

/** One message of a Twilio export, a second after the one before. */
export const row = (i: number, changes: Partial<Record<string, string>> = {}): string => {
  const fields: Record<string, string> = {
    sid: `SM${String(i).padStart(32, '0')}`,
    at: new Date(Date.UTC(2026, 2, 1) + i * 1000).toISOString(),
    from: '+15005550006',
    to: `+23480312${String(i).padStart(5, '0')}`,
    status: 'delivered',
    price: '-0.05',
    unit: 'USD',
    segments: '1',
    error: '',
    direction: 'outbound-api',
  }
  return `${Object.values({ ...fields, ...changes }).join(',')}\n`
}
export const rows = (from: number, to: number): string => {
  let text = ''
  for (let i = from; i < to; i++) text += row(i)
  return text
}
