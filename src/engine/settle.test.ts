import { describe, expect, it } from 'vitest'
import { compileService } from './compile.js'
import { DEFAULT_SERVICE } from './defaults.js'
import type { LineName } from './policy.js'
import { type Charged, type CreditState, movesOf } from './settle.js'

const service = compileService(DEFAULT_SERVICE, [])
const charge = (opensSession: boolean): Charged => ({
  lines: [
    { line: 'block', key: '+234803123', cost: 110_000 },
    { line: 'country', key: 'NG', cost: 110_000 },
    { line: 'number', key: '+2348031234567', cost: 1 },
    { line: 'ip', key: '105.112.3.4', cost: 1 },
    { line: 'network', key: 'AS29465', cost: 1 },
    { line: 'device', key: 'd1', cost: 1 },
  ],
  sources: ['d1'],
  opensSession,
  unitMicroUsd: 110_000,
  seen: null,
})
const STATES: CreditState[] = [
  'none',
  'reserved',
  'earned',
  'activated',
  'lost',
  'failed',
  'released',
]
const options = { since: 0, now: 5, meanPerBlock: 0 }
const moves = (from: CreditState, to: CreditState, first = true) =>
  new Map(movesOf(charge(first), from, to, service, options).map((m) => [m.line, m]))
const amounts = (from: CreditState, to: CreditState, line: LineName, first = true) => {
  const { reserved = 0, earned = 0, lost = 0 } = moves(from, to, first).get(line) ?? {}
  return { reserved, earned, lost }
}

describe('settling a charge', () => {
  it('every way between two states adds up to the straight one, and there and back to nothing', () => {
    for (const first of [true, false])
      for (const line of ['block', 'country', 'number', 'network'] as const)
        for (const a of STATES)
          for (const b of STATES)
            for (const c of STATES) {
              const [ab, bc, ac] = [
                amounts(a, b, line, first),
                amounts(b, c, line, first),
                amounts(a, c, line, first),
              ]
              expect(ab.reserved + bc.reserved).toBe(ac.reserved)
              expect(ab.earned + bc.earned).toBe(ac.earned)
              expect(ab.lost + bc.lost).toBe(ac.lost)
            }
  })

  it('where lines earn on activation, a verified code repays and only the activation earns', () => {
    const { earning } = DEFAULT_SERVICE
    const late = compileService(
      { ...DEFAULT_SERVICE, earning: { ...earning, onActivation: true } },
      [],
    )
    const block = (from: CreditState, to: CreditState, of = late) =>
      movesOf(charge(true), from, to, of, options).find((m) => m.line === 'block')
    expect(block('reserved', 'earned')).toMatchObject({ reserved: -110_000, earned: 0, lost: 0 })
    expect(block('earned', 'activated')).toMatchObject({ reserved: 0, earned: 110_000, lost: 0 })
    expect(block('earned', 'activated', service)).toMatchObject({ reserved: 0, earned: 0, lost: 0 })
    expect(block('activated', 'lost')).toMatchObject({ earned: -110_000, lost: 110_000 })
  })

  it('verified repays and earns, once a session', () => {
    expect(amounts('reserved', 'earned', 'block')).toEqual({
      reserved: -110_000,
      earned: 110_000,
      lost: 0,
    })
    expect(amounts('reserved', 'earned', 'block', false)).toEqual({
      reserved: -110_000,
      earned: 0,
      lost: 0,
    })
    expect(amounts('lost', 'earned', 'ip')).toEqual({ reserved: 0, earned: 1, lost: -1 })
  })

  it('a failed receipt is a loss on narrow lines only', () => {
    for (const line of ['block', 'number', 'ip', 'device'] as const)
      expect(amounts('reserved', 'failed', line).lost).toBeGreaterThan(0)
    for (const line of ['country', 'network'] as const)
      expect(amounts('reserved', 'failed', line).lost).toBe(0)
    expect(amounts('lost', 'failed', 'country')).toEqual({ reserved: 0, earned: 0, lost: -110_000 })
  })

  it('bounds what a block earns: by the day, by each device, and ten times that by each address', () => {
    const { caps } = moves('reserved', 'earned').get('block') ?? { caps: [] }
    expect(caps.map(({ max }) => max)).toEqual([30 * 110_000, 30 * 110_000, 3 * 110_000])
    expect(new Set(caps.map(({ key }) => key)).size).toBe(3)
    expect(moves('reserved', 'earned').get('country')?.caps).toEqual([])
    expect(moves('reserved', 'lost').get('block')?.caps).toEqual([])
    const dense = movesOf(charge(true), 'reserved', 'earned', service, {
      ...options,
      meanPerBlock: 100,
    })
    expect(dense[0]?.caps[0]?.max).toBe(20 * 100 * 110_000)
  })

  it('what strangers verify beyond the cap of a range is not repaid, unless their source has verified before', () => {
    const surplus = (present: string[]) =>
      movesOf({ ...charge(true), seen: { present } }, 'reserved', 'earned', service, options)
        .filter((m) => m.surplusLost)
        .map((m) => m.line)
    expect(surplus([])).toEqual(['block'])
    expect(surplus(['country.new', 'subnet.proven'])).toEqual(['block'])
    for (const code of ['ip.proven', 'device.proven', 'account.proven'])
      expect(surplus([code])).toEqual([])
    expect(moves('reserved', 'earned').get('block')?.surplusLost).toBe(false)
  })
})
