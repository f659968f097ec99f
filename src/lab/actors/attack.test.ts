import { describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../engine/units.js'
import type { Random } from '../random.js'
import type { World } from '../world/world.js'
import type { LabelledRow, Seen } from './actor.js'
import { type AttackData, attacker } from './attack.js'

/** midnight UTC */
const FROM = Date.UTC(2026, 2, 10)

const DIALS: Record<string, string> = { NG: '+23480', UZ: '+99890', MM: '+95977' }
const digits = (random: Random, n: number): string => String(random.below(10 ** n)).padStart(n, '0')

/** Three countries with a hundred thousand blocks each. */
const world: World = {
  number: (country, random) => DIALS[country] + digits(random, 8),
  blocks: (country, n) =>
    Array.from({ length: n }, (_, i) => DIALS[country] + String(7919 * i).padStart(5, '0')),
  numberIn: (block, random, nth) =>
    block + (nth === undefined ? digits(random, 4) : String(nth).padStart(4, '0')),
  address: (country, access, random) =>
    `${access === 'hosting' ? 5 : 100 + country.charCodeAt(0)}.${random.below(256)}.${random.below(256)}.${random.below(256)}`,
  price: (country) => (country === 'NG' ? 110_000 : 140_000),
}

const base: AttackData = {
  kind: 'attack',
  campaign: 'test',
  phases: [{ startMs: 2 * HOUR, durationMs: HOUR, attempts: 600 }],
  destinations: { targets: [{ kind: 'blocks', country: 'UZ', count: 4 }] },
  sources: { addresses: { access: 'residential', count: null, from: 'number' } },
  solves: { pow: 0, captcha: 0, channel: 0 },
}

function run(data: AttackData, answer: (r: LabelledRow) => Seen = () => 'sent', seed = 1) {
  const actor = attacker(data, { world, from: FROM, seed })
  const rows: LabelledRow[] = []
  for (let at = actor.nextAt(); at < Number.POSITIVE_INFINITY; at = actor.nextAt()) {
    const asked = actor.ask()
    rows.push(asked)
    actor.told?.(asked.row, answer(asked))
  }
  return rows
}

const blockOf = ({ row }: LabelledRow): string => row.to.slice(0, -4)
const distinct = (values: readonly unknown[]): number => new Set(values).size
const share = (rows: readonly LabelledRow[], of: (r: LabelledRow) => boolean): number =>
  rows.filter(of).length / rows.length

describe('an attacker', () => {
  it('makes the same requests of the same seed, and of data that went through JSON', () => {
    expect(run(JSON.parse(JSON.stringify(base)) as AttackData)).toEqual(run(base))
    expect(run(base, undefined, 2)).not.toEqual(run(base))
  })

  it('labels every row, counts them, and keeps time order within its hour', () => {
    const rows = run(base)
    expect(rows.length).toBeGreaterThan(540)
    expect(rows.length).toBeLessThanOrEqual(600)
    expect(rows.every((r) => r.label === 'attack' && r.campaign === 'test')).toBe(true)
    expect(distinct(rows.map((r) => r.row.id))).toBe(rows.length)
    const times = rows.map((r) => r.row.at)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[0]).toBeGreaterThanOrEqual(FROM + 2 * HOUR)
    expect(times.at(-1)).toBeLessThanOrEqual(FROM + 3 * HOUR)
  })

  it('keeps to his blocks, at the price of their country', () => {
    const rows = run(base)
    expect(distinct(rows.map(blockOf))).toBe(4)
    expect(rows.every((r) => r.row.priceMicroUsd === 140_000)).toBe(true)
  })

  it('verifies the stated share, like people or at once, and activates some', () => {
    const with_ = (verifies: NonNullable<AttackData['phases'][0]['verifies']>) =>
      run({ ...base, phases: [{ startMs: 0, durationMs: HOUR, attempts: 2_000, verifies }] })
    const human = with_({ share: 0.4, delay: { kind: 'human' }, activates: 0.5 })
    const entered = human.filter((r) => r.row.potential.verifiedMs !== null)
    expect(entered.length / human.length).toBeCloseTo(0.4, 1)
    expect(share(entered, (r) => r.row.potential.activates)).toBeCloseTo(0.5, 1)
    const delays = entered
      .map((r) => (r.row.potential.verifiedMs ?? 0) / 1_000)
      .toSorted((a, b) => a - b)
    expect(delays[Math.floor(delays.length / 2)]).toBeGreaterThan(17)
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThan(25)
    const fast = with_({ share: 1, delay: { kind: 'fast' } })
    for (const { row } of fast) {
      const after = (row.potential.verifiedMs ?? 0) - (row.potential.deliveredMs ?? 0)
      expect(after).toBeGreaterThanOrEqual(249)
      expect(after).toBeLessThanOrEqual(901)
    }
    expect(share(fast, (r) => r.row.potential.activates)).toBe(0)
  })

  it('enters codes from a few devices of their own', () => {
    const rows = run({
      ...base,
      phases: [
        {
          startMs: 0,
          durationMs: HOUR,
          attempts: 500,
          verifies: { share: 0.5, delay: { kind: 'human' }, devices: 6 },
        },
      ],
      sources: { ...base.sources, devices: 'fresh' },
    })
    const entered = rows.filter((r) => r.row.potential.verifiedMs !== null)
    const other = rows.filter((r) => r.row.potential.verifiedMs === null)
    expect(distinct(entered.map((r) => r.row.deviceId))).toBe(6)
    expect(distinct(other.map((r) => r.row.deviceId))).toBe(other.length)
  })

  it('sends to dead numbers as stated; those fail and are not verified', () => {
    const rows = run({
      ...base,
      deadShare: 0.3,
      phases: [
        {
          startMs: 0,
          durationMs: HOUR,
          attempts: 2_000,
          verifies: { share: 1, delay: { kind: 'human' } },
        },
      ],
    })
    expect(share(rows, (r) => r.row.potential.deliveryError !== null)).toBeCloseTo(0.3, 1)
    for (const { row } of rows)
      expect(row.potential.deliveryError === null).toBe(row.potential.verifiedMs !== null)
  })

  it('solves each kind of challenge at its own rate', () => {
    const rows = run({ ...base, solves: { pow: 1, captcha: 0.6, channel: 0 } })
    expect(share(rows, (r) => r.row.potential.solves.pow)).toBe(1)
    expect(share(rows, (r) => r.row.potential.solves.captcha)).toBeCloseTo(0.6, 1)
    expect(share(rows, (r) => r.row.potential.solves.channel)).toBe(0)
  })

  it('probes each block once, builds trust, then burns it', () => {
    const rows = run({
      ...base,
      destinations: { targets: [{ kind: 'blocks', country: 'UZ', count: 30 }] },
      phases: [
        {
          startMs: -DAY,
          durationMs: HOUR,
          attempts: 30,
          timing: 'regular',
          rotate: { everyMessages: 1 },
        },
        {
          startMs: 0,
          durationMs: 2 * HOUR,
          attempts: 100,
          verifies: { share: 1, delay: { kind: 'human' } },
        },
        { startMs: 3 * HOUR, durationMs: HOUR, attempts: 1_000 },
      ],
    })
    const probes = rows.filter((r) => r.row.at < FROM)
    const trust = rows.filter((r) => r.row.at >= FROM && r.row.at < FROM + 2 * HOUR)
    const burn = rows.filter((r) => r.row.at >= FROM + 3 * HOUR)
    expect(probes.length).toBe(30)
    expect(distinct(probes.map(blockOf))).toBe(30)
    expect(trust.every((r) => r.row.potential.verifiedMs !== null)).toBe(true)
    expect(burn.length).toBeGreaterThan(900)
    expect(burn.every((r) => r.row.potential.verifiedMs === null)).toBe(true)
  })

  it('asks again for a number, on the same page or as somebody else', () => {
    const again = (sameSession: boolean) =>
      run({
        ...base,
        destinations: {
          ...base.destinations,
          numbers: 'sequential',
          repeats: { times: 4, gapMs: 60_000, sameSession },
        },
      })
    for (const rows of [again(true), again(false)]) {
      const times = [...new Set(rows.map((r) => r.row.to))].map((to) =>
        rows.filter((r) => r.row.to === to).map((r) => r.row.at),
      )
      expect(Math.max(...times.map((t) => t.length))).toBe(4)
      for (const list of times)
        for (const [i, at] of list.entries())
          if (i > 0) expect(at - (list[i - 1] ?? 0)).toBeGreaterThanOrEqual(60_000)
    }
    const sessions = (rows: LabelledRow[]) => distinct(rows.map((r) => r.row.sessionId))
    expect(sessions(again(true))).toBe(distinct(again(true).map((r) => r.row.to)))
    expect(sessions(again(false))).toBe(again(false).length)
  })

  it('refuses phases that overlap', () => {
    const phase = { startMs: 0, durationMs: HOUR, attempts: 1 }
    expect(() => run({ ...base, phases: [phase, { ...phase, startMs: HOUR / 2 }] })).toThrow(
      'phase 2 begins before phase 1 is over',
    )
  })
})
