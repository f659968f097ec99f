import { expect, it } from 'vitest'
import { SECOND } from '../engine/units.js'
import { memoryLedger } from '../ledger/memory/memory.js'
import type { Ledger } from '../ledger/port.js'
import { memoryLines } from '../lines/memory/memory.js'
import type { SharedLineStore } from '../lines/port.js'
import { loadPolicy } from '../policy/load.js'
import type { Sender } from '../send/port.js'
import { type Composed, compose } from './compose.js'
import { createCore, type FactSources } from './core.js'
import { createFollowing } from './following.js'
import { learnedCopy } from './learned-copy.js'
import { REMEMBERED_MS } from './log-start.js'

const T0 = Date.UTC(2026, 10, 2, 12)

const loaded = loadPolicy('version: 1\nservices:\n  signup:\n    markets: [NG]\n')
if (!loaded.ok) throw new Error('the policy of this test')
const { policy } = loaded
const sender = {
  send: async () => ({ ok: true, provider: 'test', providerId: 'm', priceMicroUsd: null }),
} as unknown as Sender

let now = T0
const clock = () => now

/** A gateway of a cluster without a directory of its own. */
function gateway(ledger: Ledger, leads: boolean) {
  const core = createCore({
    ...{ policy, policyVersion: 1, lines: memoryLines(), learns: 'log' },
    facts: {} as FactSources,
  })
  const warned: Error[] = []
  const following = createFollowing({
    ...{ core, ledger, file: null, clock },
    ...{ leads: () => leads, warn: (error) => void warned.push(error) },
  })
  return { core, following, warned }
}

async function people({ gate }: Composed, from: number): Promise<void> {
  for (let i = from; i < from + 40; i++) {
    const to = `+234803${100 + 7 * i}${1000 + 31 * i}`
    const begun = await gate.start({ service: 'signup', to, priceMicroUsd: 10_000, code: '123456' })
    if (!begun.ok) throw new Error(begun.error.message)
    now += 5 * SECOND
    if (i % 4 !== 3) await gate.check(begun.value.verification.id, '123456')
    await gate.tick()
  }
}

async function withTraffic(work: (own: Composed, ledger: Ledger) => Promise<void>): Promise<void> {
  now = T0
  const ledger = memoryLedger({ clock })
  const own = await compose({ policy, sender, ledger, clock, upkeep: false })
  await people(own, 0)
  await work(own, ledger)
  await own.close()
}

it('who comes without a directory begins where the one that leads was, and reads the log from there', () =>
  withTraffic(async (own, ledger) => {
    const leading = gateway(ledger, true)
    const read = await leading.following.restore()
    expect(read.snapshotAt).toBeNull()
    await leading.following.save()
    const savedAt = now
    await people(own, 40)
    await leading.following.follow()

    const newcomer = gateway(ledger, false)
    const { snapshotAt, learned } = await newcomer.following.restore()
    expect(snapshotAt).toBe(savedAt)
    expect(learned).toBeGreaterThan(0)
    expect(learned).toBeLessThan(read.learned * 1.2)
    expect(newcomer.core.knowledge.snapshot()).toEqual(leading.core.knowledge.snapshot())
    expect(newcomer.warned).toEqual([])

    // only the one that leads keeps it for all, and only the newest
    await newcomer.following.save()
    expect((await gateway(ledger, false).following.restore()).snapshotAt).toBe(savedAt)
    now += SECOND
    await leading.following.save()
    expect((await gateway(ledger, false).following.restore()).snapshotAt).toBe(now)
    const pieces = await ledger.documents({ kind: 'learned-piece', limit: 1_000 })
    expect(new Set(pieces.map(({ parent }) => parent)).size).toBe(1)
  }))

it('nothing is believed that is old, ahead of the ledger, half or unreadable: the log is read instead', () =>
  withTraffic(async (_, ledger) => {
    const leading = gateway(ledger, true)
    const whole = (await leading.following.restore()).learned
    const copies = learnedCopy<{ at: number; position: unknown; knowledge: unknown }>(ledger)
    const restores = async (expected: number | null) => {
      const { following, warned } = gateway(ledger, false)
      const { snapshotAt, learned } = await following.restore()
      expect([snapshotAt, learned]).toEqual([expected, expected === null ? whole : 0])
      return warned.map(({ message }) => message)
    }
    await leading.following.save()
    await restores(now)
    const meta = await copies.read()
    if (meta === null) throw new Error('nothing was kept')

    await copies.write({ ...meta, position: { requests: 1_000_000, outcomes: 0 } })
    expect(await restores(null)).toEqual([])

    await copies.write({ ...meta, at: now - REMEMBERED_MS - 1 })
    expect(await restores(null)).toEqual([])

    await leading.following.save()
    const [piece] = await ledger.documents({ kind: 'learned-piece', limit: 1 })
    if (piece === undefined) throw new Error('nothing was kept')
    await ledger.putDocument({ ...piece, body: { place: 0, text: 'AAAA' } })
    expect(await restores(null)).toEqual(['what was learned could not be read from the ledger'])

    await ledger.removeDocument(piece.kind, piece.id)
    expect(await restores(null)).toEqual([])
  }))

it('whoever leads and is stopped keeps what it learned for all, and only then lets another lead', async () => {
  now = T0
  const kept = memoryLedger({ clock })
  const done: string[] = []
  const ledger: Ledger = {
    ...kept,
    async putDocument(row, expected) {
      if (row.kind === 'learned') done.push('kept')
      return kept.putDocument(row, expected)
    },
    async releaseLease(name, holder) {
      if (name === 'leader') done.push('resigned')
      return kept.releaseLease(name, holder)
    },
    close: async () => undefined,
  }
  const lines = memoryLines()
  const store: SharedLineStore = {
    ...lines,
    healthy: async () => true,
    intact: async () => true,
    forget: async () => undefined,
    found: async () => undefined,
  }
  const shared = { gateway: 'a', store }
  const secret = Buffer.alloc(32, 1)
  const stopped = await compose({ policy, sender, ledger, clock, secret, shared, upkeep: false })
  await stopped.leader.begin()
  await people(stopped, 0)
  await stopped.close()
  expect(done).toEqual(['kept', 'resigned'])

  const { following } = gateway(kept, false)
  expect(await following.restore()).toEqual({ snapshotAt: now, learned: 0 })
})

it('another may lead soon where keeping takes long', async () => {
  now = T0
  const kept = memoryLedger({ clock })
  let resigned = () => undefined as unknown
  const isResigned = new Promise<void>((resolve) => {
    resigned = resolve
  })
  const ledger: Ledger = {
    ...kept,
    async putDocument(row, expected) {
      if (row.kind === 'learned-piece') await isResigned
      return kept.putDocument(row, expected)
    },
    async releaseLease(name, holder) {
      if (name === 'leader') resigned()
      return kept.releaseLease(name, holder)
    },
  }
  const lines = memoryLines()
  const store = { ...lines, intact: async () => true } as unknown as SharedLineStore
  const shared = { gateway: 'a', store }
  const secret = Buffer.alloc(32, 1)
  const stopped = await compose({ policy, sender, ledger, clock, secret, shared, upkeep: false })
  await stopped.leader.begin()
  await stopped.close()
  expect(await ledger.lease('leader', 'b', SECOND)).toBe(true)
})
