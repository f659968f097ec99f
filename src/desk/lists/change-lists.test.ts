import { expect, it } from 'vitest'
import { memoryLedger } from '../../ledger/memory/memory.js'
import { followLists } from './change-lists.js'

const T0 = Date.UTC(2026, 10, 20)

it('reads the lists again when an entry came or ended, and only then', async () => {
  let now = T0
  const clock = () => now
  const ledger = memoryLedger({ numbers: 'clear', clock })
  const given: unknown[] = []
  const gate = { setLists: (lists: unknown) => given.push(lists) } as never
  const follow = followLists({ gate, ledger, clock })
  await follow()
  await follow()
  expect(given).toEqual([{ allow: [], deny: [] }])
  const row = { list: 'deny', source: 'cli', createdAt: T0, expiresAt: T0 + 10_000 } as const
  await ledger.putListEntry({ ...row, entry: '+23480312' })
  await follow()
  await follow()
  now += 10_000
  await follow()
  await follow()
  expect(given.slice(1)).toEqual([
    { allow: [], deny: ['+23480312'] },
    { allow: [], deny: [] },
  ])
})

it('reads again what it failed to read', async () => {
  const ledger = memoryLedger({ numbers: 'clear', clock: () => T0 })
  await ledger.putListEntry({
    ...{ list: 'deny', entry: '+23480312', source: 'cli', createdAt: T0, expiresAt: null },
  })
  const given: unknown[] = []
  const gate = { setLists: (lists: unknown) => given.push(lists) } as never
  let isLost = true
  const listEntries: typeof ledger.listEntries = async (now) => {
    if (isLost) throw new Error('lost')
    return ledger.listEntries(now)
  }
  const follow = followLists({ gate, ledger: { ...ledger, listEntries }, clock: () => T0 })
  await expect(follow()).rejects.toThrow('lost')
  isLost = false
  await follow()
  expect(given).toEqual([{ allow: [], deny: ['+23480312'] }])
})
