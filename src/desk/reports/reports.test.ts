import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aCharged } from '../../../test/conformance/ledger-rows.js'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import type { Ledger } from '../../ledger/port.js'
import type { Credit, RequestRow } from '../../ledger/rows.js'
import { openSqliteLedger } from '../../ledger/sqlite/open.js'
import { dailyText, plainLines } from '../../report/report-text.js'
import { createLive } from '../live.js'
import type { DeskParts } from '../parts.js'
import { gatherMoney, gatherWholeDay } from './gather.js'
import { dateOf, localDay, monthOf, monthSpan } from './local-day.js'
import { createReports } from './reports.js'

/** Friday, noon. */
const NOW = Date.UTC(2026, 10, 20, 12)
let now = NOW
let ledger: Ledger
beforeEach(async () => {
  now = NOW
  ledger = await openSqliteLedger({ file: ':memory:', numbers: 'clear', clock: () => now })
})
afterEach(() => ledger.close())

/** Park and Miller's generator. */
function dice(seed: number) {
  let state = seed
  return (sides: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % sides
  }
}

const CREDITS: Credit[] = ['earned', 'earned', 'earned', 'lost', 'failed', 'reserved', 'none']

const KIND = { earned: 'verified', lost: 'lost', failed: 'failed' } as const

/** Random traffic of the days before, in order. */
async function traffic(days: number, perDay: number): Promise<RequestRow[]> {
  const roll = dice(17)
  const rows = Array.from({ length: days * perDay }, (_, i) => {
    const at = NOW - days * DAY + Math.floor((i / perDay) * DAY) + roll(1_000)
    const country = ['NG', 'GH', 'KE'][roll(3)] ?? 'NG'
    const n = roll(40)
    const credit = CREDITS[roll(CREDITS.length)] ?? 'none'
    const none = credit === 'none'
    return aCharged(`r${String(i).padStart(6, '0')}`, {
      ...{ at, country, number: `+23480312345${10 + n}`, block: `+2348031${n % 7}` },
      ...{
        ip: `105.112.3.${roll(30)}`,
        asn: 29_465 + roll(4),
        priceMicroUsd: 10_000 * (1 + roll(9)),
      },
      ...{ credit, settledAt: none || credit === 'reserved' ? null : at + MINUTE },
      ...(none && {
        charge: null,
        maturesAt: null,
        verdict: 'deny' as const,
        would: 'deny' as const,
      }),
    })
  })
  for (let i = 0; i < rows.length; i += 500) {
    const part = rows.slice(i, i + 500)
    await ledger.commit(
      part.map((row) => ({
        table: 'requests',
        row: row.credit === 'none' ? row : { ...row, credit: 'reserved', settledAt: null },
      })),
    )
    for (const { id, credit, at } of part)
      if (credit === 'earned' || credit === 'lost' || credit === 'failed')
        await ledger.settle(id, ['reserved'], credit, { kind: KIND[credit], at: at + MINUTE })
  }
  while ((await ledger.rollUp(5_000, now)) > 0);
  return rows
}

const partsOf = (): DeskParts =>
  ({
    ledger,
    clock: () => now,
    live: createLive({ clock: () => now, first: 1 }),
    deployment: { publicUrl: 'https://t.example', retention: { requestsMs: 90 * DAY } },
  }) as unknown as DeskParts

const WENT: Credit[] = ['earned', 'lost', 'failed', 'reserved']
const sum = <T>(rows: readonly T[], of: (row: T) => number): number =>
  rows.reduce((total, row) => total + of(row), 0)
const costs = (rows: readonly RequestRow[], ...credit: Credit[]): number =>
  sum(
    rows.filter((row) => credit.includes(row.credit)),
    ({ priceMicroUsd }) => priceMicroUsd,
  )

describe('a daily report', () => {
  it('says what a recount of the requests says', async () => {
    const rows = await traffic(9, 150)
    const date = '2026-11-19'
    const { from, to } = localDay('UTC', date)
    const of = rows.filter(({ at }) => at >= from && at < to)
    const { report, sources } = await gatherWholeDay(ledger, { date, timeZone: 'UTC', now })
    expect(of.length).toBeGreaterThan(120)
    expect(report.totals).toMatchObject({
      requests: of.length,
      sends: of.filter(({ credit }) => WENT.includes(credit)).length,
      verified: of.filter(({ credit }) => credit === 'earned').length,
      spendMicroUsd: costs(of, ...WENT),
      verifiedMicroUsd: costs(of, 'earned'),
      wastedMicroUsd: costs(of, 'lost', 'failed'),
      openMicroUsd: costs(of, 'reserved'),
    })
    expect(sum(report.hours, ({ requests }) => requests)).toBe(of.length)
    const counts = (key: (row: RequestRow) => string) => {
      const found = new Map<string, number>()
      for (const row of of) found.set(key(row), (found.get(key(row)) ?? 0) + 1)
      return [...found].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([, n]) => n)
    }
    const told = (list: readonly { requests: number }[]) => list.map(({ requests }) => requests)
    expect(told(sources.numbers)).toEqual(counts(({ number }) => number).slice(0, 10))
    expect(told(sources.ips)).toEqual(counts(({ ip }) => ip ?? '').slice(0, 10))
    expect(told(report.ranges)).toEqual(counts(({ block }) => block).slice(0, 10))
    expect(told(report.networks)).toEqual(counts(({ asn }) => String(asn)).slice(0, 10))
    for (const [rows, key] of [
      [report.ranges, ({ block }: RequestRow) => block],
      [report.networks, ({ asn }: RequestRow) => `AS${asn}`],
    ] as const)
      for (const row of rows) {
        const denied = of.filter((r) => key(r) === row.key && r.would === 'deny')
        expect(row.denied).toBe(denied.length)
      }
    expect(told(report.countries)).toEqual(counts(({ country }) => country))
    const base = rows.filter((row) => row.at < from && row.credit === 'earned')
    const first = report.countries[0]
    expect(first?.userBase).toBeCloseTo(
      base.filter(({ country }) => country === first?.country).length / base.length,
    )
    const yesterday = rows.filter(({ at }) => at >= from - DAY && at < from)
    expect(report.dayBefore?.requests).toBe(yesterday.length)
    const weekBefore = rows.filter(({ at }) => at >= from - 7 * DAY && at < to - 7 * DAY)
    expect(report.weekBefore?.requests).toBe(weekBefore.length)
  })

  it('says of an attacked range and its network what refusing saved', async () => {
    const at = NOW - DAY
    for (let i = 0; i < 20; i++)
      await ledger.commit([
        {
          table: 'requests',
          row: aCharged(`r${i}`, {
            ...{ at: at + i, country: 'NG', block: '+234803123', asn: 29_465 },
            ...{ number: `+2348031234${100 + i}`, priceMicroUsd: 110_000 },
            ...{ credit: 'none', charge: null, maturesAt: null, verdict: 'deny', would: 'deny' },
          }),
        },
      ])
    while ((await ledger.rollUp(5_000, now)) > 0);
    const date = dateOf('UTC', at)
    const { report, sources } = await gatherWholeDay(ledger, { date, timeZone: 'UTC', now })
    const saved = { denied: 20, refusedNumbers: 20, savedMicroUsd: 20 * 110_000 }
    expect(report.totals).toMatchObject(saved)
    expect(report.ranges).toMatchObject([{ key: '+234803123', ...saved }])
    expect(report.networks).toMatchObject([{ key: 'AS29465', ...saved }])
    // of one number or address it is not known, which is not nothing
    expect([sources.numbers.length, sources.ips.length]).toEqual([10, 1])
    for (const row of [...sources.numbers, ...sources.ips])
      expect(Object.keys(row).join()).not.toMatch(/save|refused/i)
    const lines = plainLines(dailyText(report))
    expect(lines.find((line) => line.startsWith('+234803123 '))).toMatch(/ USD 2\.20$/)
    expect(lines.find((line) => line.startsWith('AS29465 '))).toMatch(/ USD 2\.20$/)
  })

  it('of a day that is not over has what asked most in its last hour', async () => {
    await traffic(1, 240)
    now = NOW + 30 * MINUTE
    const rows = Array.from({ length: 5 }, (_, i) =>
      aCharged(`now${i}`, { at: NOW + i * MINUTE, block: '+2348099', asn: 64_500 }),
    )
    await ledger.commit(rows.map((row) => ({ table: 'requests', row })))
    while ((await ledger.rollUp(5_000, now)) > 0);
    const report = await createReports(partsOf()).preview('2026-11-20')
    const asked = (list: readonly { key: string; requests: number }[], of: string) =>
      list.find(({ key }) => key === of)?.requests
    expect(asked(report.ranges, '+2348099')).toBe(5)
    expect(asked(report.networks, 'AS64500')).toBe(5)
  })

  it('has the hours of its own time zone', async () => {
    const rows = await traffic(4, 100)
    const date = '2026-11-18'
    const { from, to } = localDay('America/New_York', date)
    expect(new Date(from).toISOString()).toBe('2026-11-18T05:00:00.000Z')
    const { report } = await gatherWholeDay(ledger, { date, timeZone: 'America/New_York', now })
    expect(report.totals.requests).toBe(rows.filter(({ at }) => at >= from && at < to).length)
    expect(report.hours).toHaveLength(24)
  })
})

it('the money of a month is what a recount says', async () => {
  const rows = await traffic(9, 100)
  const money = await gatherMoney(ledger, { month: '2026-11', now })
  expect(money.totals.spendMicroUsd).toBe(costs(rows, ...WENT))
  expect(sum(money.countries, ({ spendMicroUsd }) => spendMicroUsd)).toBe(costs(rows, ...WENT))
  expect(sum(money.days, ({ wastedMicroUsd }) => wastedMicroUsd)).toBe(
    costs(rows, 'lost', 'failed'),
  )
  // none of these was sent by this gateway
  expect(sum(money.providers, ({ sends }) => sends)).toBe(money.totals.sends)
  expect(sum(money.providers, ({ spendMicroUsd }) => spendMicroUsd)).toBe(costs(rows, ...WENT))
  expect(money.before).toBeNull()
})

describe('reports', () => {
  it('are made once, an hour after midnight, and made up for after a week of silence', async () => {
    await traffic(3, 100)
    const reports = createReports(partsOf())
    const told: string[] = []
    reports.told(async ({ of, kind }) => void told.push(`${kind} ${of}`))
    const ids = async () => (await reports.list({ limit: 50 })).map(({ id }) => id).sort()
    await reports.run()
    // traffic began on the 17th, noon
    const days = ['daily-2026-11-17', 'daily-2026-11-18', 'daily-2026-11-19']
    expect(await ids()).toEqual(days)
    expect(told).toEqual(['daily 2026-11-17', 'daily 2026-11-18', 'daily 2026-11-19'])
    await reports.run()
    expect(told).toHaveLength(3)
    now = Date.UTC(2026, 10, 21, 0, 59)
    await reports.run()
    expect(await ids()).toEqual(days)
    now = Date.UTC(2026, 10, 26, 3)
    await reports.run()
    expect(await ids()).toEqual([...days, 'daily-2026-11-20'])
    expect(told).toHaveLength(4)
  })

  it('are told after a crash between making and telling', async () => {
    await traffic(2, 50)
    const dying = createReports(partsOf())
    dying.told(async () => {
      throw new Error('the power is gone')
    })
    await expect(dying.run()).rejects.toThrow('power')
    const told: string[] = []
    const reports = createReports(partsOf())
    reports.told(async ({ of }) => void told.push(of))
    await reports.run()
    expect(told).toEqual(['2026-11-18', '2026-11-19'])
  })

  it('keep numbers and addresses no longer than the requests', async () => {
    await traffic(2, 50)
    const reports = createReports(partsOf())
    await reports.run()
    expect((await reports.sourcesOf('2026-11-19'))?.numbers[0]?.key).toMatch(/^\+2348031/)
    now = NOW + 90 * DAY
    expect(await reports.sourcesOf('2026-11-19')).toBeNull()
    const kept = await reports.get('daily-2026-11-19')
    expect(JSON.stringify(kept)).not.toMatch(/\+\d{11}|105\.112/)
  })

  it('read as letters: text and HTML, without numbers of people', async () => {
    await traffic(2, 50)
    const reports = createReports(partsOf())
    const lines: string[] = []
    let html: string | null = null
    reports.told(async (notice) => {
      lines.push(...notice.lines)
      html = await reports.htmlOf(notice)
    })
    await reports.run()
    expect(lines.join('\n')).toContain('Wasted')
    expect(lines.find((line) => line.startsWith('Range '))).toMatch(/Spend +Wasted +Saved$/)
    expect(html).toContain('https://t.example/reports/daily-2026-11-19')
    for (const text of [lines.join('\n'), html ?? '']) expect(text).not.toMatch(/\+\d{12,}/)
  })
})

it('a local day is that of its zone, on days of 23 and 25 hours too', () => {
  const hours = (zone: string, date: string) => {
    const { from, to } = localDay(zone, date)
    return (to - from) / HOUR
  }
  expect(hours('Europe/Berlin', '2026-03-29')).toBe(23)
  expect(hours('Europe/Berlin', '2026-10-25')).toBe(25)
  expect(hours('Asia/Kolkata', '2026-11-19')).toBe(24)
  expect(dateOf('Africa/Lagos', Date.UTC(2026, 10, 19, 23, 30))).toBe('2026-11-20')
  expect(monthOf(NOW, -11)).toBe('2025-12')
  expect(monthSpan('2026-12').to).toBe(Date.UTC(2027, 0, 1))
})
