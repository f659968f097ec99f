import { describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import type { TrafficRow } from '../traffic.js'
import { createWorld } from '../world/create-world.js'
import type { Actor } from './actor.js'
import { merge } from './merge.js'
import { type PeopleOptions, people } from './people.js'
import type { Change } from './people-change.js'
import { type CrowdData, crowd } from './people-crowd.js'

const world = createWorld()
/** a Monday */
const FROM = Date.UTC(2026, 10, 16)

const open = (more: Partial<PeopleOptions> = {}): Actor =>
  people({
    world,
    seed: 1,
    from: FROM,
    to: FROM + DAY,
    sessionsPerDay: 10_000,
    countries: { NG: 60, DE: 40 },
    drizzle: 0.01,
    returning: 0.25,
    ...more,
  })

function all(actor: Actor): TrafficRow[] {
  const rows: TrafficRow[] = []
  while (actor.nextAt() < Number.POSITIVE_INFINITY) rows.push(actor.ask().row)
  return rows
}
const share = <T>(rows: readonly T[], of: (row: T) => boolean): number =>
  rows.filter(of).length / rows.length
const firsts = (rows: readonly TrafficRow[]) => rows.filter((row) => row.retryOf === null)
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

describe('people on an ordinary day', () => {
  const rows = all(open())
  const sessions = firsts(rows)
  const nigerian = sessions.filter(({ to }) => to.startsWith('+234'))

  test('are as many as stated, from the countries stated, in time order', () => {
    expect(sessions.length / 9_700).toBeCloseTo(1, 1)
    expect(nigerian.length / sessions.length).toBeCloseTo(0.6, 1)
    const stray = share(sessions, ({ to }) => !/^\+(234|49)/.test(to))
    expect(stray).toBeGreaterThan(0.005)
    expect(stray).toBeLessThan(0.02)
    expect(rows.every((row, i) => i === 0 || row.at >= (rows[i - 1]?.at ?? 0))).toBe(true)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  })

  test('sleep at night by their own clock', () => {
    const perHour = (hour: number) =>
      nigerian.filter(({ at }) => Math.floor((at - FROM) / HOUR) === hour).length
    // eight in the evening and four in the morning in Lagos
    expect(perHour(19)).toBeGreaterThan(3 * perHour(3))
    expect(perHour(19) / (nigerian.length / 24)).toBeCloseTo(1.6, 0)
  })

  test('enter their codes in the share and the time of their country', () => {
    const entered = nigerian.filter(({ potential }) => potential.verifiedMs !== null)
    expect(entered.length / nigerian.length).toBeGreaterThan(0.64)
    expect(entered.length / nigerian.length).toBeLessThan(0.72)
    const delay = median(entered.map(({ potential }) => potential.verifiedMs ?? 0))
    expect(delay / 1_000).toBeGreaterThan(18)
    expect(delay / 1_000).toBeLessThan(24)
    expect(share(entered, ({ potential }) => potential.activates)).toBeCloseTo(0.9, 1)
    expect(share(sessions, ({ potential }) => potential.solves.pow)).toBeCloseTo(0.985, 2)
  })

  test('ask again within their session, mostly where no code was entered', () => {
    const byId = new Map(rows.map((row) => [row.id, row]))
    const again = rows.filter((row) => row.retryOf !== null)
    expect(again.length / sessions.length).toBeGreaterThan(0.05)
    expect(again.length / sessions.length).toBeLessThan(0.2)
    for (const row of again) {
      const first = byId.get(row.retryOf ?? '')
      expect(first).toMatchObject({ to: row.to, sessionId: row.sessionId, retryOf: null })
      expect(row.at).toBeGreaterThan(first?.at ?? Number.POSITIVE_INFINITY)
    }
    const onceMore = (row: TrafficRow) => again.some(({ retryOf }) => retryOf === row.id)
    const some = sessions.slice(0, 1_500)
    const lost = some.filter(({ potential }) => potential.verifiedMs === null)
    const quick = some.filter(({ potential }) => (potential.verifiedMs ?? 1e9) < 45_000)
    expect(share(lost, onceMore)).toBeCloseTo(0.2, 1)
    expect(share(quick, onceMore)).toBe(0)
  })

  test('share addresses of carriers, and phones where two SIMs are usual', () => {
    const perIp = new Map<string, Set<string>>()
    const perDevice = new Map<string, Set<string>>()
    for (const { ip, deviceId, to } of nigerian) {
      perIp.set(ip ?? '', (perIp.get(ip ?? '') ?? new Set()).add(to))
      if (deviceId !== null) perDevice.set(deviceId, (perDevice.get(deviceId) ?? new Set()).add(to))
    }
    expect(Math.max(...[...perIp.values()].map((numbers) => numbers.size))).toBeGreaterThan(100)
    const sizes = [...perDevice.values()].map((numbers) => numbers.size)
    expect(share(sizes, (size) => size >= 2)).toBeGreaterThan(0.08)
    expect(Math.max(...sizes)).toBe(3)
  })

  test('come again with the same number and phone', () => {
    const seen = new Map<string, TrafficRow>()
    const back: [TrafficRow, TrafficRow][] = []
    for (const row of sessions) {
      const before = seen.get(row.to)
      if (before === undefined) seen.set(row.to, row)
      else back.push([before, row])
    }
    expect(back.length / sessions.length).toBeGreaterThan(0.1)
    expect(back.every(([before, row]) => before.deviceId === row.deviceId)).toBe(true)
    expect(back.every(([, row]) => row.accountId !== null)).toBe(true)
  })

  test('are the same of the same seed, and others of another', () => {
    expect(all(open())).toEqual(rows)
    expect(all(open({ seed: 2 }))).not.toEqual(rows)
  })
})

describe('a change', () => {
  const at = { startMs: 12 * HOUR, durationMs: HOUR, countries: ['NG'] }
  const during = (change: Change, country = '+234') =>
    all(open({ changes: [change] })).filter(
      (row) =>
        row.to.startsWith(country) && row.at >= FROM + 12 * HOUR && row.at < FROM + 13 * HOUR,
    )
  const usual = during({ ...at, kind: 'surge', factor: 1 })

  test('surge: more of them, there only', () => {
    const surge: Change = { ...at, kind: 'surge', factor: 5 }
    expect(during(surge).length / usual.length).toBeGreaterThan(4)
    expect(during(surge, '+49').length).toBeLessThan(
      1.3 * during({ ...surge, factor: 1 }, '+49').length,
    )
  })

  test('outage: nothing is entered, and some of it is reported', () => {
    const rows = during({ ...at, kind: 'outage', receipts: 0.7 })
    expect(rows.every(({ potential }) => potential.verifiedMs === null)).toBe(true)
    expect(share(rows, ({ potential }) => potential.deliveryError !== null)).toBeCloseTo(0.7, 1)
    const silent = during({ ...at, kind: 'outage', receipts: 0 })
    expect(silent.every(({ potential }) => potential.deliveryError === null)).toBe(true)
    expect(silent.every(({ potential }) => potential.deliveredMs === null)).toBe(true)
  })

  test('slow: four times as long', () => {
    const delay = (rows: TrafficRow[]) =>
      median(firsts(rows).flatMap(({ potential: { verifiedMs } }) => verifiedMs ?? []))
    const ratio = delay(during({ ...at, kind: 'slow', factor: 4 })) / delay(usual)
    expect(ratio).toBeGreaterThan(3)
    expect(ratio).toBeLessThan(5)
  })

  test('held-reports: all come at the end', () => {
    const end = FROM + 12 * HOUR + 9 * MINUTE
    const rows = during({ ...at, durationMs: 9 * MINUTE, kind: 'held-reports' })
    for (const row of rows) {
      const { verifiedMs } = row.potential
      if (row.at < end && verifiedMs !== null)
        expect(row.at + verifiedMs).toBeGreaterThanOrEqual(end)
    }
  })

  test('price and repeats', () => {
    const dear = during({ ...at, kind: 'price', factor: 2 })
    expect(dear.every(({ priceMicroUsd }) => priceMicroUsd === 220_000)).toBe(true)
    const bug = during({ ...at, kind: 'repeats', sends: 3, gapMs: 2_000 })
    expect(bug.length / firsts(bug).length).toBeGreaterThan(2.8)
  })
})

describe('a crowd', () => {
  const data: CrowdData = {
    kind: 'crowd',
    name: 'company',
    startMs: 9 * HOUR,
    durationMs: HOUR,
    sessions: 100,
    countries: ['FR'],
    numbers: 'sequential',
    shared: { country: 'FR', access: 'fixed', addresses: 1 },
    devices: 2,
    conversion: 0.9,
  }
  const rows = all(crowd(data, { world, seed: 5, dayStart: FROM }))

  test('has its numbers in sequence, its address and its phones in common', () => {
    const numbers = firsts(rows).map(({ to }) => Number(to.slice(1)))
    expect(numbers.every((n, i) => i === 0 || n === (numbers[i - 1] ?? 0) + 1)).toBe(true)
    expect(numbers.length).toBeGreaterThan(85)
    expect(new Set(rows.map(({ ip }) => ip)).size).toBe(1)
    expect(new Set(rows.map(({ deviceId }) => deviceId)).size).toBe(2)
    expect(share(firsts(rows), ({ potential }) => potential.verifiedMs !== null)).toBeGreaterThan(
      0.8,
    )
  })
})

describe('merged actors', () => {
  test('ask in the order of time, and each is told of its own', () => {
    const told: string[] = []
    const scripted = (name: string, times: number[]): Actor => {
      let next = 0
      return {
        nextAt: () => times[next] ?? Number.POSITIVE_INFINITY,
        ask() {
          const [row] = all(open({ to: FROM + 10 * MINUTE }))
          if (row === undefined) throw new Error('nobody asked')
          return {
            row: { ...row, at: times[next++] ?? 0, id: name },
            label: 'legit',
            campaign: null,
          }
        },
        told(row, seen) {
          told.push(`${name} ${row.id} ${row.at} ${seen}`)
          // an attacker who was refused lies low
          if (seen === 'refused') times[next] = 100
        },
      }
    }
    const both = merge([scripted('a', [1, 5, 9]), scripted('b', [2, 3, 11])])
    const asked: string[] = []
    while (both.nextAt() < Number.POSITIVE_INFINITY) {
      const { row } = both.ask()
      asked.push(`${row.id}${row.at}`)
      both.told?.(row, row.at === 3 ? 'refused' : 'sent')
    }
    expect(asked).toEqual(['a1', 'b2', 'b3', 'a5', 'a9', 'b100'])
    expect(told).toContain('b b 3 refused')
    expect(told).toHaveLength(6)
  })
})
