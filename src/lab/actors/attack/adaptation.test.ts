import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../engine/units.js'
import type { World } from '../../world/world.js'
import type { LabelledRow, Seen } from '../actor.js'
import { type AttackData, attacker } from '../attack.js'
import type { Adapts } from './adaptation.js'

const FROM = Date.UTC(2026, 2, 10)

const world: World = {
  number: (country) => `+${country}`,
  blocks: (country, n) => Array.from({ length: n }, (_, i) => `${country}-${i}-`),
  numberIn: (block, random) => block + String(random.below(10_000)).padStart(4, '0'),
  address: (_country, _access, random) => `a${random.below(2 ** 32)}`,
  price: () => 100_000,
}

function play(
  adapts: Adapts | undefined,
  answer: (r: LabelledRow, sent: number) => Seen,
  more: Partial<AttackData> = {},
) {
  const actor = attacker(
    {
      kind: 'attack',
      campaign: 'adaptive',
      phases: [{ startMs: 0, durationMs: 10 * HOUR, attempts: 2_000 }],
      destinations: {
        targets: [
          { kind: 'blocks', country: 'UZ', count: 5 },
          { kind: 'blocks', country: 'MM', count: 5 },
        ],
        rotate: { everyMessages: 1_000 },
      },
      sources: { addresses: { access: 'hosting', count: 3, from: ['NL'] } },
      solves: { pow: 0, captcha: 0, channel: 0 },
      ...(adapts !== undefined && { adapts }),
      ...more,
    },
    { world, from: FROM, seed: 4 },
  )
  const rows: LabelledRow[] = []
  let sent = 0
  while (actor.nextAt() < Number.POSITIVE_INFINITY) {
    const asked = actor.ask()
    rows.push(asked)
    const seen = answer(asked, sent)
    if (seen === 'sent') sent++
    actor.told?.(asked.row, seen)
  }
  return rows
}
const blocks = (rows: readonly LabelledRow[]) => [
  ...new Set(rows.map((r) => r.row.to.slice(0, -4))),
]
const inBlock = (rows: readonly LabelledRow[], block: string) =>
  rows.filter((r) => r.row.to.startsWith(block)).length

describe('an attacker who watches the answers', () => {
  it('leaves a block after three refusals in a row, and no sooner', () => {
    const rows = play({ block: 3 }, (r) => (r.row.to.startsWith('UZ-0') ? 'refused' : 'sent'))
    expect(inBlock(rows, 'UZ-0-')).toBe(3)
    expect(blocks(rows)[1]).toBe('MM-0-')
    let n = 0
    const mixed = play({ block: 3 }, () => (++n % 3 === 0 ? 'sent' : 'refused'))
    expect(inBlock(mixed, 'UZ-0-')).toBe(1_000)
  })

  it('minds challenges only where told to', () => {
    const challenged = (minds: Adapts['minds'] & {}) =>
      play({ block: 3, minds }, (r) => (r.row.to.startsWith('UZ-0') ? 'challenged' : 'sent'))
    expect(inBlock(challenged('not-sent'), 'UZ-0-')).toBe(3)
    expect(inBlock(challenged('refused'), 'UZ-0-')).toBe(1_000)
  })

  it('leaves a country', () => {
    const rows = play({ country: 4 }, (r) => (r.row.to.startsWith('UZ') ? 'refused' : 'sent'))
    expect(inBlock(rows, 'UZ')).toBe(4)
  })

  it('goes home when nothing is left, or begins again', () => {
    expect(play({ block: 2 }, () => 'refused')).toHaveLength(20)
    const again = play({ block: 2, whenSpent: 'starts-over' }, () => 'refused')
    expect(again.length).toBeGreaterThan(1_800)
    expect(blocks(again)).toHaveLength(10)
  })

  it('replaces an address that is refused', () => {
    const stubborn = play(undefined, () => 'refused')
    expect(new Set(stubborn.map((r) => r.row.ip)).size).toBe(3)
    const moving = play({ address: 5 }, () => 'refused')
    expect(new Set(moving.map((r) => r.row.ip)).size).toBeGreaterThan(300)
  })

  it('lies low for a while and comes back', () => {
    const rows = play({ rests: { after: 10, forMs: HOUR } }, () => 'refused')
    const gaps = rows.slice(1).map((r, i) => r.row.at - (rows[i]?.row.at ?? 0))
    expect(gaps.filter((gap) => gap >= HOUR).length).toBeGreaterThanOrEqual(7)
    expect(gaps.slice(0, 9).every((gap) => gap < HOUR / 4)).toBe(true)
  })

  it('climbs while more pays more, and comes down to what still passes', () => {
    const climbs = { everyMs: HOUR / 4, step: 1.5, least: 0.1, most: 20 }
    const phases = [{ startMs: 0, durationMs: 10 * HOUR, attempts: 20_000 }]
    const steady = { startMs: 0, durationMs: 10 * HOUR, timing: 'regular' } as const
    const perHour = (rows: LabelledRow[], h: number) =>
      rows.filter((r) => r.row.at >= FROM + h * HOUR && r.row.at < FROM + (h + 1) * HOUR).length
    const open = play({ climbs }, () => 'sent', { phases })
    expect(perHour(open, 1)).toBeGreaterThan(2 * perHour(open, 0))
    // Whoever asks faster than every 18 s gets nothing: twice the planned rate is the most that pays.
    let before = 0
    const narrow = play(
      { climbs },
      (r) => {
        const slowEnough = r.row.at - before > 18_000
        before = r.row.at
        return slowEnough ? 'sent' : 'refused'
      },
      { phases: [{ ...steady, attempts: 1_000 }] },
    )
    const later = [3, 4, 5].map((h) => perHour(narrow, h))
    expect(Math.max(...later)).toBeLessThan(240)
    expect(Math.min(...later)).toBeGreaterThan(80)
  })

  it('keeps to a time once given, even when told to stop after it', () => {
    const actor = attacker(
      {
        kind: 'attack',
        campaign: 'late',
        phases: [{ startMs: 0, durationMs: HOUR, attempts: 100 }],
        destinations: { targets: [{ kind: 'blocks', country: 'UZ', count: 1 }] },
        sources: { addresses: { access: 'hosting', count: 1, from: ['NL'] } },
        solves: { pow: 0, captcha: 0, channel: 0 },
        adapts: { block: 1 },
      },
      { world, from: FROM, seed: 4 },
    )
    const { row } = actor.ask()
    const promised = actor.nextAt()
    actor.told?.(row, 'refused')
    expect(actor.nextAt()).toBe(promised)
    expect(actor.ask().row.to.slice(0, -4)).toBe(row.to.slice(0, -4))
    expect(actor.nextAt()).toBe(Number.POSITIVE_INFINITY)
  })
})
