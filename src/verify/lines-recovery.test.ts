import { expect, it } from 'vitest'
import { memoryLedger } from '../ledger/memory/memory.js'
import { memoryLines } from '../lines/memory/memory.js'
import type { SharedLineStore } from '../lines/port.js'
import { loadPolicy } from '../policy/load.js'
import type { Sender } from '../send/port.js'
import { compose } from './compose.js'
import { createLinesRecovery } from './lines-recovery.js'

const T0 = Date.UTC(2026, 10, 2, 12)
const loaded = loadPolicy('version: 1\nmode: enforce\nservices:\n  signup:\n    markets: [NG]\n')
if (!loaded.ok) throw new Error('the policy of this test')
const { policy } = loaded
const sender = {
  send: async () => ({ ok: true, provider: 'test', providerId: 'm', priceMicroUsd: null }),
} as unknown as Sender

/** A shared store that can lose what is in it. */
function losable() {
  let lines = memoryLines()
  let mark = false
  let forgotten = 0
  const store: SharedLineStore = {
    gather: (...given) => lines.gather(...given),
    charge: (...given) => lines.charge(...given),
    count: (...given) => lines.count(...given),
    settle: (...given) => lines.settle(...given),
    healthy: async () => true,
    intact: async () => mark,
    async forget() {
      forgotten++
      lines = memoryLines()
    },
    async found() {
      mark = true
    },
    close: () => lines.close(),
  }
  return {
    store,
    forgotten: () => forgotten,
    lose() {
      mark = false
      lines = memoryLines()
    },
  }
}

it('one of several gateways rebuilds what the store lost; the others wait, and none decides on it meanwhile', async () => {
  const ledger = memoryLedger({ clock: () => T0 })
  const shared = losable()
  const composed = await compose({
    ...{ policy, sender, ledger, clock: () => T0, upkeep: false },
    secret: Buffer.alloc(32, 1),
    shared: { gateway: 'a', store: shared.store },
  })
  const told: string[] = []
  const recoveries = ['b', 'c'].map((holder) =>
    createLinesRecovery({
      ...{ store: shared.store, ledger, holder, clock: () => T0, core: () => composed.core },
      tell: ({ state }) => told.push(`${holder} ${state}`),
    }),
  )
  const [b, c] = recoveries as [(typeof recoveries)[0], (typeof recoveries)[0]]
  const start = (n: number) =>
    composed.gate.start({ service: 'signup', to: `+234803123${1000 + n}`, priceMicroUsd: 50_000 })
  const sent = async (from: number): Promise<number> => {
    let count = 0
    for (let n = from; n < from + 20; n++) {
      const begun = await start(n)
      if (begun.ok && begun.value.verification.status === 'sent') count++
    }
    return count
  }
  const before = await sent(0)
  expect(before).toBe(2)

  const forgotten = shared.forgotten()
  shared.lose()
  const answers = await Promise.all([b.recover(), c.recover()])
  expect(answers).toEqual([T0, T0])
  expect(told.filter((text) => text.endsWith('rebuilding'))).toHaveLength(1)
  expect(shared.forgotten()).toBe(forgotten + 1)
  expect(await sent(100)).toBe(0)
  await composed.close()
})

it('refuses while the mark is missing', async () => {
  const ledger = memoryLedger({ clock: () => T0 })
  const shared = losable()
  await ledger.lease('lines', 'somebody else', 60_000)
  const recovery = createLinesRecovery({
    ...{ store: shared.store, ledger, holder: 'a', clock: () => T0 },
    core: () => {
      throw new Error('nothing is rebuilt here')
    },
  })
  const looking = recovery.look()
  await new Promise((resolve) => setImmediate(resolve))
  await expect(
    recovery.guarded.settle({} as Parameters<SharedLineStore['settle']>[0], T0),
  ).rejects.toThrow('being rebuilt')
  await shared.store.found()
  await looking
  expect(await recovery.recover()).toBe(null)
})
