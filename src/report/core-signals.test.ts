import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../engine/units.js'
import type { RollupFilter, RollupPoint, ServiceSum, TallyName } from '../ledger/console-port.js'
import { type CoreSignal, coreSignals } from './core-signals.js'
import { emptyTally, sumOf } from './tally.js'
import { byKey } from './traffic-row.js'
import { usualPeaks } from './usual-peaks.js'

const NOW = Date.UTC(2026, 10, 21, 12, 34, 30)

type Row = Pick<RollupPoint, 'at' | 'key'> & {
  period: string
  dimension: string
  /** @default 'signup' */
  service?: string
} & Partial<Record<TallyName, number>>

/** Roll-ups in memory: those of all services by service, everything else of one alone. */
const ledgerOf = (rows: readonly Row[]) => {
  const within = ({ period, dimension, from, to, service }: RollupFilter): RollupPoint[] =>
    rows
      .map((row) => ({ ...emptyTally(), service: 'signup', parent: '', ...row }))
      .filter((row) => row.period === period && row.dimension === dimension)
      .filter((row) => row.at >= from && row.at < to)
      .filter((row) => service === undefined || row.service === service)
  return {
    series: async (filter: RollupFilter) => within(filter),
    async top(filter: RollupFilter, by: TallyName, limit: number): Promise<ServiceSum[]> {
      const of = filter.byService ? 'service' : 'key'
      const found = within(filter).map((point) => ({ ...point, key: point[of] }))
      return [...byKey(found)]
        .map(([name, points]) => ({
          ...{ ...sumOf(points), key: '', parent: '', service: '' },
          [of]: name,
        }))
        .sort((a, b) => b[by] - a[by])
        .slice(0, limit)
    },
  }
}

/** The same every hour of some days, and every minute of the last hours. */
function usual(days: number, perHour: Partial<Record<TallyName, number>>): Row[] {
  const rows: Row[] = []
  const start = Math.floor(NOW / HOUR) * HOUR
  for (let h = 1; h <= days * 24; h++) {
    const at = start - h * HOUR
    for (const [dimension, key] of [
      ['all', ''],
      ['country', 'NG'],
    ] as const)
      rows.push({ ...{ period: 'hour', dimension, key, at }, ...perHour })
    if (h % 24 === 0)
      for (const [dimension, key] of [
        ['all', ''],
        ['country', 'NG'],
      ] as const)
        rows.push({
          ...{ period: 'day', dimension, key, at: Math.floor(at / DAY) * DAY },
          ...perHour,
        })
  }
  return rows
}

const minutes = (from: number, to: number, tally: Partial<Record<TallyName, number>>): Row[] =>
  Array.from({ length: from - to }, (_, i) => ({
    ...{ period: 'minute', dimension: 'all', key: '' },
    at: Math.floor(NOW / MINUTE) * MINUTE - (from - 1 - i) * MINUTE,
    ...tally,
  }))

const readAll = async (rows: readonly Row[]) => {
  const ledger = ledgerOf(rows)
  return coreSignals(ledger, await usualPeaks(ledger)(NOW), NOW)
}
const read = async (rows: readonly Row[], id: CoreSignal) =>
  (await readAll(rows)).find((signal) => signal.id === id)

describe('core signals', () => {
  it('on the first day nothing is told of', async () => {
    const all = await readAll([])
    expect(all.map(({ id }) => id).sort()).toEqual([
      ...['burst', 'cluster', 'conversion15', 'conversion60', 'country', 'failing'],
    ])
    for (const signal of all) expect(signal).toMatchObject({ state: 'quiet', since: null })
  })

  it('a burst alarms against the usual peak, since the minute it went over', async () => {
    // 120 an hour: 10 in five minutes, its peak 19.5, twice that 39
    const rows = [...usual(8, { requests: 120 }), ...minutes(60, 10, { requests: 2 })]
    expect(await read([...rows, ...minutes(10, 0, { requests: 2 })], 'burst')).toMatchObject({
      state: 'fine',
      value: 10,
      since: null,
    })
    const burst = await read([...rows, ...minutes(10, 0, { requests: 20 })], 'burst')
    expect(burst).toMatchObject({ service: 'signup', state: 'alarm', value: 100 })
    expect(burst?.threshold).toBeCloseTo(2 * (10 + 3 * Math.sqrt(10)), 5)
    // ten minutes of 20: over 39 with the second of them (20 + 4 * 2 = 28, then 46)
    expect(burst?.since).toBe(Math.floor(NOW / MINUTE) * MINUTE - 8 * MINUTE)
  })

  it('conversion leaves out the minutes in which nobody can have answered', async () => {
    const fine = minutes(60, 2, { sends: 4, verified: 3 })
    const rows = [...fine, ...minutes(2, 0, { sends: 50, verified: 0 })]
    expect(await read(rows, 'conversion15')).toMatchObject({
      state: 'fine',
      value: 0.75,
      count: 60,
    })
    const attacked = [
      ...minutes(60, 20, { sends: 4, verified: 3 }),
      ...minutes(20, 0, { sends: 20 }),
    ]
    expect(await read(attacked, 'conversion15')).toMatchObject({ state: 'alarm', value: 0 })
    expect(await read(attacked, 'conversion60')).toMatchObject({ state: 'alarm' })
  })

  it('a country not seen in 30 days is named, once a week is known', async () => {
    const stranger = (at: number): Row => ({
      ...{ period: 'hour', dimension: 'country', key: 'LV', at, requests: 5 },
    })
    const now = stranger(Math.floor(NOW / HOUR) * HOUR)
    expect(await read([...usual(3, { requests: 9 }), now], 'country')).toMatchObject({
      state: 'quiet',
      about: [],
    })
    expect(await read([...usual(10, { requests: 9 }), now], 'country')).toMatchObject({
      state: 'alarm',
      value: 1,
      about: ['LV'],
    })
  })

  it('one address that asks a fifth of all is named', async () => {
    const at = Math.floor(NOW / HOUR) * HOUR
    const rows: Row[] = [
      { period: 'hour', dimension: 'all', key: '', at, requests: 100 },
      { period: 'hour', dimension: 'ip', key: '192.0.2.7', at, requests: 20 },
      { period: 'hour', dimension: 'device', key: 'd1', at, requests: 4 },
    ]
    expect(await read(rows, 'cluster')).toMatchObject({
      ...{ state: 'alarm', value: 0.2, about: ['192.0.2.7'] },
    })
    const spread = rows.map((row) => (row.dimension === 'ip' ? { ...row, requests: 9 } : row))
    expect(await read(spread, 'cluster')).toMatchObject({ state: 'fine', about: [] })
  })

  it('a fifth of undelivered messages alarms', async () => {
    const rows = minutes(60, 0, { sends: 2, failed: 1, verified: 1 })
    expect(await read(rows, 'failing')).toMatchObject({ state: 'alarm', value: 0.5, count: 120 })
  })

  it('of many services those whose requests come to nothing are shown', async () => {
    const hour = Math.floor(NOW / HOUR) * HOUR
    const busy = Array.from(
      { length: 60 },
      (_, i): Row => ({
        ...{ period: 'hour', dimension: 'all', key: '', at: hour, service: `busy-${i}` },
        ...{ requests: 1_000, sends: 1_000, verified: 900 },
      }),
    )
    const attacked: Row = {
      ...{ period: 'hour', dimension: 'all', key: '', at: hour, service: 'attacked' },
      ...{ requests: 200, sends: 200, verified: 2 },
    }
    const rows = minutes(60, 2, { sends: 4 }).map((row) => ({ ...row, service: 'attacked' }))
    const all = await readAll([...busy, attacked, ...rows])
    const conversion = all.filter(({ id }) => id === 'conversion15')
    expect(conversion).toHaveLength(50)
    expect(conversion.find(({ service }) => service === 'attacked')).toMatchObject({
      state: 'alarm',
    })
  })
})
