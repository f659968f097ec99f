import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aCharged } from '../../test/conformance/ledger-rows.js'
import { jsonOf, NOON, tollgate } from '../../test/fakes/terminal.js'
import { HOUR } from '../engine/units.js'
import { openSqliteLedger } from '../ledger/sqlite/open.js'
import type { DailyReport, DailySources } from '../report/daily.js'
import type { MonthlyReport } from '../report/monthly.js'
import { EXIT } from './fault.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-report-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const here = (...args: string[]) => tollgate(['report', ...args], { cwd: folder })

/** Three messages of yesterday's noon. */
async function yesterday(): Promise<string> {
  const date = new Date(NOON - 24 * HOUR).toISOString().slice(0, 10)
  const at = Date.parse(`${date}T12:00:00Z`)
  mkdirSync(join(folder, 'data'))
  const ledger = await openSqliteLedger({
    file: join(folder, 'data', 'ledger.sqlite'),
    numbers: 'clear',
    clock: () => NOON,
  })
  await ledger.commit(
    [1, 2, 3].map((i) => ({ table: 'requests', row: aCharged(`r${i}`, { at: at + i }) })),
  )
  while ((await ledger.rollUp(100, NOON)) > 0);
  await ledger.close()
  return date
}

describe('report', () => {
  it('daily: the last whole day, numbers masked unless asked for', async () => {
    const date = await yesterday()
    const { report, sources } = jsonOf<{ report: DailyReport; sources: DailySources }>(
      await here('daily', '--date', date, '--json'),
    )
    expect(report).toMatchObject({ date, timeZone: 'UTC', totals: { requests: 3, sends: 3 } })
    expect(sources.numbers.map(({ key }) => key)).toEqual(['+23480******67'])
    const text = await here('daily', '--date', date, '--full-numbers')
    expect(text.out).toContain('+2348031234567')
    expect(text.out).toContain('Messages sent')
  })

  it('monthly: money in words and as JSON', async () => {
    const month = (await yesterday()).slice(0, 7)
    const made = jsonOf<MonthlyReport>(await here('monthly', '--month', month, '--json'))
    expect(made.money.totals.spendMicroUsd).toBe(330_000)
    expect((await here('monthly', '--month', month)).out).toContain('USD 0.33')
  })

  it('refuses dates, months and zones that are none, and a directory without a ledger', async () => {
    expect((await here('daily')).exit).toBe(EXIT.store)
    await yesterday()
    for (const args of [
      ['daily', '--date', '2026-13-01'],
      ['daily', '--date', 'yesterday'],
      ['daily', '--date', '2099-01-01'],
      ['daily', '--timezone', 'Mars/Base'],
      ['monthly', '--month', '2026-13'],
      ['monthly', '--month', '2099-01'],
    ])
      expect((await here(...args)).exit).toBe(EXIT.usage)
    expect((await here('daily', '--date', '2020-01-01')).exit).toBe(EXIT.refused)
  })
})
