import { afterEach, expect, it, vi } from 'vitest'
import { type LeaseStore, processLeases } from '../ledger/leases.js'
import { createLeader } from './leader.js'

afterEach(() => vi.useRealTimers())

/** A store with a clock of its own, and gateways with theirs: only what passes is the same. */
function stage() {
  let now = 0
  const leases = processLeases(() => 1_000_000 + now)
  const gateway = (holder: string, store: LeaseStore = leases) =>
    createLeader({ leases: store, holder, monotonic: () => 77 + now })
  const pass = (ms: number): void => {
    now += ms
  }
  return { leases, gateway, pass }
}

it('one leads; when it stops renewing another does, within ten seconds and never at the same time', async () => {
  const { gateway, pass } = stage()
  const [a, b] = [gateway('a'), gateway('b')]
  await a.begin()
  await b.begin()
  expect([a.leads(), b.leads()]).toEqual([true, false])
  for (let at = 0; at < 20_000; at += 1_000) {
    pass(1_000)
    if (at < 8_000 && at % 2_000 === 0) await a.step()
    if (at % 2_000 === 1_000) await b.step()
    expect(a.leads() && b.leads()).toBe(false)
    if (at === 17_000) expect(b.leads()).toBe(true)
  }
  await a.step()
  expect(a.leads()).toBe(false)
})

it('a process that stood still does not lead when it goes on, and takes over anew', async () => {
  const { gateway, pass } = stage()
  const a = gateway('a')
  let takenOver = 0
  a.onTakeOver(async () => void takenOver++)
  await a.begin()
  expect([a.leads(), takenOver]).toEqual([true, 1])
  pass(5_500)
  expect(a.leads()).toBe(false)
  await a.step()
  expect([a.leads(), takenOver]).toEqual([true, 2])
  pass(2_000)
  await a.step()
  expect(takenOver).toBe(2)
})

it('what it has to take over is done before it leads, and again when that failed', async () => {
  const { gateway } = stage()
  const a = gateway('a')
  let fails = true
  a.onTakeOver(async () => {
    expect(a.leads()).toBe(false)
    if (fails) throw new Error('the ledger is away')
  })
  await expect(a.begin()).rejects.toThrow('away')
  expect(a.leads()).toBe(false)
  fails = false
  await a.step()
  expect(a.leads()).toBe(true)
})

it('who resigns is followed at once', async () => {
  const { gateway } = stage()
  const [a, b] = [gateway('a'), gateway('b')]
  await a.begin()
  await a.resign()
  await a.step()
  await b.begin()
  expect([a.leads(), b.leads()]).toEqual([false, true])
})

it('a lease that came back late counts from when it was asked for', async () => {
  const { leases, gateway, pass } = stage()
  const slow: LeaseStore = {
    ...leases,
    async lease(...given) {
      const taken = await leases.lease(...given)
      pass(5_500)
      return taken
    },
  }
  const a = gateway('a', slow)
  await a.begin()
  expect(a.leads()).toBe(false)
})

it('keeps its lease while it takes over, however long that takes', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const { leases, gateway, pass } = stage()
  const a = gateway('a')
  let done: () => void = () => undefined
  a.onTakeOver(
    () =>
      new Promise((resolve) => {
        done = resolve
      }),
  )
  // upkeep does not run a step again before it has ended
  const step = a.begin()
  for (let at = 0; at < 20_000; at += 1_000) {
    pass(1_000)
    await vi.advanceTimersByTimeAsync(1_000)
  }
  expect(await leases.lease('leader', 'b', 6_000)).toBe(false)
  done()
  await step
  expect(a.leads()).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})
