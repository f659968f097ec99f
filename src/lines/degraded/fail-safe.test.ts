import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { linesConformance } from '../../../test/conformance/lines.js'
import {
  demandOf,
  layoutOf,
  lineOf,
  moveOf,
  queryOf,
  settlementOf,
  T0,
} from '../../../test/conformance/lines-arrange.js'
import { type BreakableLines, breakableLines } from '../../../test/fakes/breakable-lines.js'
import { HOUR } from '../../engine/units.js'
import { type FailSafeLines, type FailSafeOptions, failSafeLines } from './fail-safe.js'
import { LinesError } from './lines-error.js'

linesConformance('fail-safe over a store that is well', () =>
  failSafeLines({
    store: breakableLines(),
    share: 1 / 3,
    clock: () => T0,
    onError: () => undefined,
  }),
)

const layout = layoutOf({
  windows: [{ subject: 'ip', windowMs: HOUR }],
  distinct: [{ of: 'numbers', per: 'ip', windowMs: HOUR }],
  spend: [{ scope: 'global', period: 'day' }],
})
const COST = 10
const ask = (number = '+2348031234567') =>
  queryOf(layout, { block: number.slice(0, -4), country: 'NG', ip: '105.112.3.4', number })
const demand = (ceiling = Number.POSITIVE_INFINITY) =>
  demandOf(
    { block: COST, country: COST, number: 1 },
    { ceilings: { block: ceiling }, price: COST, opens: true },
  )

let shared: BreakableLines
let lines: FailSafeLines
let told: string[]

function open(options: Partial<FailSafeOptions> = {}): void {
  shared = breakableLines()
  told = []
  lines = failSafeLines({
    store: shared,
    share: 1 / 3,
    timeoutMs: 20,
    failures: 2,
    probeMs: 5,
    clock: () => T0,
    onChange: ({ state }) => told.push(state),
    onError: () => undefined,
    ...options,
  })
}
beforeEach(() => open())
afterEach(() => lines.close())

async function until(what: () => boolean): Promise<void> {
  for (const end = performance.now() + 5_000; !what(); ) {
    if (performance.now() > end) throw new Error('it did not come to pass')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
const back = () => until(() => lines.condition().state === 'ok')
/** One decision's two calls. @returns whether it was charged */
async function decide(number?: string, now = T0): Promise<boolean> {
  const query = ask(number)
  await lines.gather(query, now)
  return lines.charge(query, demand(), now)
}
const reserved = (line: 'block' | 'country' | 'number') =>
  lineOf(shared.inner.gather(ask(), T0), line).reserved

describe('a shared store that is lost', () => {
  test.each(['refuses', 'asleep'] as const)('is noticed while nobody asks: it %s', async (how) => {
    await lines.close()
    open({ lookMs: 5 })
    shared.is = how
    await until(() => lines.condition().state === 'lost')
    shared.wake()
    await back()
    expect(told).toEqual(['lost', 'returning', 'ok'])
  })

  test('is decided without, on a share of the credit, and says so', async () => {
    expect((await lines.gather(ask(), T0)).standIn).toBeUndefined()
    shared.is = 'refuses'
    const query = ask()
    expect((await lines.gather(query, T0)).standIn).toBe('degraded')
    expect(await lines.charge(query, demand(), T0)).toBe(true)
    // each gateway reckons as if two others had seen the same
    const state = await lines.gather(ask(), T0)
    expect(lineOf(state, 'block').reserved).toBeCloseTo(3 * COST)
    expect(state.windows[0]).toBe(3)
    expect(state.spend[0]).toBeCloseTo(3 * COST)
    expect(state.distinct[0]).toBeCloseTo(1, 1)
    const other = await lines.gather(ask('+2348031234568'), T0)
    expect(other.distinct[0]).toBeCloseTo(4, 0)
  })

  test('spends its share of a cap by itself, and a last message', async () => {
    shared.is = 'refuses'
    const capped = { ...demand(), spendCeilings: Float64Array.of(6 * COST) }
    const charged: boolean[] = []
    // all read before the first was charged
    const queries = Array.from({ length: 6 }, (_, n) => ask(`+234803123${1_000 + n}`))
    for (const query of queries) await lines.gather(query, T0)
    for (const query of queries) charged.push(await lines.charge(query, capped, T0))
    // a third of six, and two thirds of a message
    expect(charged.filter((ok) => ok)).toHaveLength(2)
  })

  test('refuses on own lines what the view of them had no room for', async () => {
    shared.is = 'refuses'
    const first = ask()
    const second = ask()
    await lines.gather(first, T0)
    await lines.gather(second, T0)
    // room for two messages in all: with a share of a third the gateway gives one, and the last costs it whole
    expect(await lines.charge(first, demand(2 * COST), T0)).toBe(true)
    expect(await lines.charge(second, demand(2 * COST), T0)).toBe(false)
  })

  test('opens the circuit after some failures, is probed by nobody’s request, and comes back with what it missed', async () => {
    shared.is = 'refuses'
    expect(await decide()).toBe(true)
    expect(await decide()).toBe(true)
    expect(told).toEqual(['lost'])
    expect(lines.condition()).toMatchObject({ state: 'lost', since: T0, waiting: 2 })
    expect(reserved('block')).toBe(0)
    shared.is = 'well'
    await back()
    expect(told).toEqual(['lost', 'returning', 'ok'])
    expect(lines.condition()).toMatchObject({ since: null, waiting: 0, dropped: 0 })
    expect(reserved('block')).toBe(2 * COST)
    expect((await lines.gather(ask(), T0)).standIn).toBeUndefined()
  })

  test('one failed call alone is carried over too, with the circuit closed', async () => {
    shared.is = 'refuses'
    const query = ask()
    await lines.gather(query, T0)
    shared.is = 'well'
    expect(await lines.charge(query, demand(), T0)).toBe(true)
    expect(lines.condition().state).toBe('ok')
    await until(() => lines.condition().waiting === 0)
    expect(reserved('block')).toBe(COST)
  })

  test('a request that was gathered from it is decided again, and nothing is charged twice', async () => {
    const query = ask()
    await lines.gather(query, T0)
    shared.is = 'refuses'
    expect(await lines.charge(query, demand(), T0)).toBe(false)
    expect((await lines.gather(query, T0)).standIn).toBe('degraded')
    expect(await lines.charge(query, demand(), T0)).toBe(true)
    shared.is = 'well'
    await until(() => lines.condition().waiting === 0 && lines.condition().state === 'ok')
    expect(reserved('block')).toBe(COST)
  })

  test('what a store did in its sleep is given back', async () => {
    const query = ask()
    await lines.gather(query, T0)
    shared.is = 'asleep'
    expect(await lines.charge(query, demand(), T0)).toBe(false)
    expect((await lines.gather(query, T0)).standIn).toBe('degraded')
    expect(await lines.charge(query, demand(), T0)).toBe(true)
    shared.wake()
    await until(() => lines.condition().waiting === 0 && lines.condition().state === 'ok')
    // once by the gateway, and the one of its sleep released
    expect(reserved('block')).toBe(COST)
    expect(shared.inner.gather(ask(), T0).spend[0]).toBe(COST)
  })

  test('what was settled meanwhile is settled in it; a charge from before changes no own line', async () => {
    await decide()
    shared.is = 'refuses'
    await decide()
    await decide()
    const part = { reserved: -COST, lost: COST, since: T0 }
    const moves = [
      moveOf('block', '+234803123', part),
      moveOf('number', '+2348031234567', { reserved: -1, lost: 1 }),
    ]
    await lines.settle(settlementOf(layout, { moves }), T0 + 1)
    shared.is = 'well'
    await back()
    expect(lineOf(shared.inner.gather(ask(), T0 + 1), 'block')).toMatchObject({
      reserved: 2 * COST,
      lostFast: COST,
    })
  })

  test('a settlement made elsewhere moves own lines only where the charge was made here', async () => {
    shared.is = 'refuses'
    await decide()
    await decide('+2348031239999')
    const settled = (number: string) =>
      settlementOf(layout, {
        moves: [
          moveOf('block', '+234803123', { reserved: -COST, earned: COST }),
          moveOf('number', number, { reserved: -1, earned: 1 }),
        ],
      })
    lines.followed(settled('+2348031230000'), T0 + 5)
    expect(lineOf(await lines.gather(ask(), T0 + 5), 'block').earnedFast).toBe(0)
    lines.followed(settled('+2348031234567'), T0 + 5)
    const block = lineOf(await lines.gather(ask(), T0 + 5), 'block')
    expect(block.earnedFast).toBeCloseTo(3 * COST)
    expect(block.reserved).toBeCloseTo(3 * COST)
  })

  test('lost again, the own lines remember: no fresh credit, and nothing in flight for ever', async () => {
    shared.is = 'refuses'
    await decide()
    await decide()
    shared.is = 'well'
    await back()
    shared.is = 'refuses'
    const block = lineOf(await lines.gather(ask(), T0), 'block')
    expect(block.reserved).toBe(0)
    expect(block.lostFast).toBeCloseTo(6 * COST)
  })

  test('a store that comes and goes has to answer longer each time', async () => {
    const { healthy } = shared
    let probes = 0
    shared.healthy = () => {
      probes++
      return healthy()
    }
    const answers: number[] = []
    for (let k = 0; k < 3; k++) {
      shared.is = 'refuses'
      await decide()
      await decide()
      probes = 0
      shared.is = 'well'
      await back()
      answers.push(probes)
    }
    expect(answers).toEqual([2, 4, 8])
  })

  test('a store that came back empty and was rebuilt from the ledger gets nothing twice', async () => {
    await lines.close()
    open({ rebuilt: async () => T0 })
    shared.is = 'refuses'
    await decide()
    await decide()
    shared.is = 'well'
    await back()
    expect(reserved('block')).toBe(0)
    expect(lines.condition().waiting).toBe(0)
  })

  test('a store that was rebuilt while it was lost here gets what came after that', async () => {
    await lines.close()
    open({ rebuilt: async () => T0 + 1 })
    shared.is = 'refuses'
    await decide(undefined, T0)
    await decide(undefined, T0 + 1)
    await decide(undefined, T0 + 2)
    shared.is = 'well'
    await back()
    expect(reserved('block')).toBe(COST)
  })

  test('lost again while it is brought up to date, keeps what it did not get', async () => {
    shared.is = 'refuses'
    for (let k = 0; k < 5; k++) await decide()
    shared.is = 'well'
    const { charge } = shared
    let left = 2
    shared.charge = (...given) => {
      if (--left === 0) shared.is = 'refuses'
      return charge(...given)
    }
    await until(() => told.filter((state) => state === 'lost').length === 2)
    shared.charge = charge
    shared.is = 'well'
    await back()
    expect(reserved('number')).toBeGreaterThanOrEqual(5)
  })

  test('keeps no more for its return than it was told to', async () => {
    await lines.close()
    open({ journal: 2 })
    shared.is = 'refuses'
    for (let k = 0; k < 5; k++) expect(await decide()).toBe(true)
    expect(lines.condition()).toMatchObject({ waiting: 2, dropped: 3 })
  })
})

describe('other policies', () => {
  test('closed: decides nothing, and still keeps what was settled', async () => {
    await lines.close()
    open({ policy: 'closed' })
    await decide()
    shared.is = 'refuses'
    const asked = async () => lines.gather(ask(), T0)
    for (let k = 0; k < 3; k++) await expect(asked()).rejects.toThrow(LinesError)
    await lines.count(ask(), T0)
    const moves = [moveOf('block', '+234803123', { reserved: -COST, lost: COST })]
    await lines.settle(settlementOf(layout, { moves }), T0)
    shared.is = 'well'
    await back()
    expect(lineOf(shared.inner.gather(ask(), T0), 'block')).toMatchObject({
      reserved: 0,
      lostFast: COST,
    })
  })

  test('open: has no lines, and says so; caps and limits are counted here', async () => {
    await lines.close()
    open({ policy: 'open' })
    shared.is = 'refuses'
    for (let k = 0; k < 4; k++) {
      const query = ask()
      await lines.gather(query, T0)
      expect(await lines.charge(query, demand(COST), T0)).toBe(true)
    }
    const state = await lines.gather(ask(), T0)
    expect(state.standIn).toBe('open')
    expect([...state.lines].every((amount) => amount === 0)).toBe(true)
    expect(state.windows[0]).toBe(12)
    expect(state.spend[0]).toBeCloseTo(12 * COST)
    shared.is = 'well'
    await back()
    expect(reserved('block')).toBe(4 * COST)
  })
})
