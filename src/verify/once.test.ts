import { describe, expect, it } from 'vitest'
import { twoGateways } from '../../test/fakes/two-gateways.js'
import { SECOND } from '../engine/units.js'
import { memoryLedger } from '../ledger/memory/memory.js'
import type { OutcomeKind } from '../ledger/rows.js'
import { memoryLines } from '../lines/memory/memory.js'
import { fail, type Life, ok } from './context.js'
import { once, verificationAgain } from './once.js'
import type { Result, StartResult } from './types.js'

const NOW = 1_790_000_000_000

it('a key is given back before anybody else may take it, also by whoever took over for a first that died', async () => {
  const ledger = memoryLedger({ numbers: 'clear', clock: () => NOW })
  let removed: () => void = () => undefined
  const slow = {
    ...ledger,
    remove: async (...given: Parameters<typeof ledger.remove>) => {
      await new Promise<void>((resolve) => {
        removed = resolve
      })
      await ledger.remove(...given)
    },
  }
  const life = {
    ...{ ledger: slow, clock: () => NOW, codeSecret: Buffer.alloc(32) },
    ...{ inProgress: new Set<string>(), shared: false },
  } as unknown as Life
  const start = (work: () => Promise<Result<StartResult>>) =>
    once(life, {
      ...{ scope: 'start:', key: 'k', asked: 'a', id: 'ver_1', work },
      again: () => verificationAgain(life, 'ver_1'),
    })

  await expect(start(() => Promise.reject(new Error('died')))).rejects.toThrow('died')
  const refused = start(async () => fail('provider_unavailable', 'nobody took it'))
  await new Promise(setImmediate)
  let effects = 0
  const sends = async () => {
    effects++
    return ok({} as StartResult)
  }
  expect(await start(sends)).toMatchObject({ error: { code: 'idempotency_in_progress' } })
  removed()
  await refused
  expect(await start(sends)).toMatchObject({ ok: true })
  expect(effects).toBe(1)
})

describe('a decision asked for again with its key', () => {
  const asked = { service: 'signup', to: '+2348031234567', idempotencyKey: 'k' }

  /** Two gateways that share their stores. */
  function stage() {
    const lines = memoryLines({ seed: 1 })
    const s = twoGateways([lines, lines])
    const decided = async (gateway: number) => {
      const result = await s.gates[gateway]?.decide(asked)
      if (result?.ok !== true) throw new Error(result?.error.code ?? 'no gateway')
      return result.value
    }
    const tell = async (id: string, kind: OutcomeKind) =>
      (await s.gates[0]?.report([{ id, kind }]))?.[0]
    const inFlight = async () => (await s.standing(asked.to)).map(({ reserved }) => reserved)
    return { ...s, decided, tell, inFlight }
  }

  it.each(['sent', 'delivered', 'verified', 'lost'] as const)(
    'is the same one after it was told %s',
    async (kind) => {
      const { decided, tell, credits } = stage()
      const { id } = await decided(0)
      expect(await tell(id, kind)).toMatchObject({ accepted: true })
      expect(await decided(1)).toMatchObject({ id, verdict: 'allow' })
      expect(await credits(asked.to)).toHaveLength(1)
    },
  )

  it.each(['released', 'failed'] as const)(
    'is another one, charged once, after it was told %s',
    async (kind) => {
      const { decided, tell, inFlight } = stage()
      const { id } = await decided(0)
      expect(await tell(id, kind)).toMatchObject({ accepted: true })
      expect(await inFlight()).toEqual([0, 0, 0, 0])
      const other = await decided(1)
      expect(other.id).not.toBe(id)
      expect(await decided(0)).toMatchObject({ id: other.id, verdict: 'allow' })
      for (const reserved of await inFlight()) expect(reserved).toBeCloseTo(1, 3)
      // and so on
      await tell(other.id, kind)
      expect((await decided(0)).id).not.toBe(other.id)
    },
  )

  it('is one alone for all who ask at once, after it was released', async () => {
    const { gates, decided, tell, inFlight, wait } = stage()
    await tell((await decided(0)).id, 'released')
    wait(20 * SECOND)
    const results = await Promise.all([0, 1, 0, 1].map((gateway) => gates[gateway]?.decide(asked)))
    const ids = new Set(results.flatMap((result) => (result?.ok === true ? [result.value.id] : [])))
    expect(ids.size).toBe(1)
    for (const reserved of await inFlight()) expect(reserved).toBeCloseTo(1, 3)
  })

  it('with something else in it is refused also then', async () => {
    const { gates, decided, tell } = stage()
    await tell((await decided(0)).id, 'released')
    const other = { ...asked, to: '+2348031234568' }
    expect(await gates[0]?.decide(other)).toMatchObject({ error: { code: 'idempotency_mismatch' } })
  })
})
