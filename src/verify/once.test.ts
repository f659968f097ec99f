import { expect, it } from 'vitest'
import { memoryLedger } from '../ledger/memory/memory.js'
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
