import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../engine/units.js'
import { memoryLedger } from '../ledger/memory/memory.js'
import { createRetention } from './retention.js'

const T0 = Date.UTC(2026, 10, 2, 12)

function stage() {
  let now = T0
  /** what a clock says that nobody can set */
  let passed = 0
  let leads = true
  const clock = () => now
  const kept = memoryLedger({ clock })
  const runs: number[] = []
  let fails = false
  const ledger: typeof kept = {
    ...kept,
    async retain(ages, at) {
      runs.push((at - T0) / MINUTE)
      if (fails) throw new Error('a day is held')
      return kept.retain(ages, at)
    },
  }
  const started = () =>
    createRetention({
      ...{ ledger, clock, leads: () => leads, monotonic: () => passed },
      ages: { requests: HOUR, verifications: HOUR },
    })
  /** One look after another for so long. */
  async function lives(job: ReturnType<typeof started>, ms: number, stopped?: AbortSignal) {
    for (let end = now + ms - job.everyMs; now <= end; ) {
      now += job.everyMs
      passed += job.everyMs
      await job.run(stopped)
    }
  }
  return {
    ...{ started, lives, runs },
    set: (what: { leads?: boolean; fails?: boolean }) => {
      ;({ leads = leads, fails = fails } = what)
    },
    setClock: (byMs: number) => {
      now += byMs
    },
    pass: (ms: number) => {
      now += ms
      passed += ms
    },
  }
}

it('runs some minutes after the first start, then each hour, however often it is started again', async () => {
  const { started, lives, runs } = stage()
  for (let i = 0; i < 6; i++) await lives(started(), 50 * MINUTE)
  expect(runs).toEqual([2, 62, 122, 182, 242])
})

it('is done by whoever leads, who knows when another did it', async () => {
  const { started, lives, runs, set } = stage()
  set({ leads: false })
  await lives(started(), 2 * HOUR)
  expect(runs).toEqual([])
  set({ leads: true })
  await lives(started(), 10 * MINUTE)
  await lives(started(), 30 * MINUTE)
  expect(runs).toEqual([122])
})

it('is tried again after an hour where it failed, and at once where a stop cut it short', async () => {
  const { started, lives, runs, set } = stage()
  const job = started()
  set({ fails: true })
  await expect(lives(job, 4 * MINUTE)).rejects.toThrow('a day is held')
  set({ fails: false })
  await lives(job, HOUR)
  expect(runs).toEqual([2, 62])
  await lives(started(), HOUR, AbortSignal.abort())
  expect(runs).toEqual([2, 62, 122])
  await lives(started(), 10 * MINUTE)
  expect(runs.slice(3)).toEqual([124])
})

it('is not put off by a clock that was ahead', async () => {
  const { started, lives, runs, setClock } = stage()
  setClock(100 * HOUR)
  await lives(started(), 4 * MINUTE)
  setClock(-100 * HOUR)
  await lives(started(), 4 * MINUTE)
  expect(runs).toEqual([6_002, 6])
})

describe('a clock that is set years ahead', () => {
  const YEARS = 2_000 * DAY
  const ahead = (days: number) =>
    `nothing old is deleted, because the clock of this gateway is ${24 * days} hours ahead of the time that has passed`

  it('deletes nothing, tells so once an hour, and is forgotten when it is set back', async () => {
    const { started, lives, runs, setClock } = stage()
    const job = started()
    await lives(job, 2 * MINUTE)
    setClock(YEARS)
    await expect(lives(job, 2 * MINUTE)).rejects.toThrow(ahead(2_000))
    await lives(job, 58 * MINUTE)
    await expect(lives(job, 2 * MINUTE)).rejects.toThrow(ahead(2_000))
    setClock(-YEARS)
    await lives(job, 4 * MINUTE)
    expect(runs).toEqual([2, 66])
  })

  it('is not believed for a restart either, nor for one step after another', async () => {
    const { started, lives, runs, setClock } = stage()
    await lives(started(), 2 * MINUTE)
    setClock(YEARS)
    await expect(lives(started(), 2 * MINUTE)).rejects.toThrow(ahead(2_000))
    const job = started()
    await expect(lives(job, 2 * MINUTE)).rejects.toThrow(ahead(2_000))
    await lives(job, 58 * MINUTE)
    setClock(YEARS)
    for (let hour = 0; hour < 23; hour++)
      await expect(lives(job, HOUR)).rejects.toThrow(ahead(4_000))
    expect(runs).toEqual([2])
  })

  it('is right where nobody sets it back for a day, or where the gateway was off', async () => {
    const { started, lives, runs, setClock, pass } = stage()
    const job = started()
    await lives(job, 2 * MINUTE)
    setClock(YEARS)
    await expect(lives(job, 2 * MINUTE)).rejects.toThrow(ahead(2_000))
    pass(DAY)
    await lives(job, 2 * MINUTE)
    setClock(6 * DAY)
    await lives(started(), 2 * MINUTE)
    expect(runs).toHaveLength(3)
  })
})
