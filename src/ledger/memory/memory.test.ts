import { describe, expect, test } from 'vitest'
import { ledgerConformance } from '../../../test/conformance/ledger.js'
import {
  aCharged,
  anOutcome,
  aRequest,
  aSend,
  aVerification,
  T0,
} from '../../../test/conformance/ledger-rows.js'
import type { Append } from '../port.js'
import { memoryLedger } from './memory.js'

ledgerConformance('memory', async () => memoryLedger())

ledgerConformance('memory, numbers hashed', async () =>
  memoryLedger({ numbers: { hashedWith: Buffer.alloc(32, 7) } }),
)

const requestRow = (row: ReturnType<typeof aRequest>): Append => ({ table: 'requests', row })
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

describe('the bound of the ledger in memory', () => {
  test('drops the oldest settled requests with all that hangs on them, and keeps what is open', async () => {
    const ledger = memoryLedger({ capacity: 100 })
    ledger.append([
      requestRow(aCharged('reserved', { at: T0 })),
      requestRow(aRequest('of an open one', { at: T0, verificationId: 'open' })),
      { table: 'verifications', row: aVerification('open', { status: 'sent' }) },
      { table: 'verifications', row: aVerification('ended', { status: 'expired' }) },
      requestRow(aRequest('old', { at: T0 })),
      { table: 'sends', row: aSend('its send', { requestId: 'old' }) },
      { table: 'outcomes', row: anOutcome('old') },
    ])
    for (let i = 0; i < 1_000; i++) ledger.append([requestRow(aRequest(`r${i}`, { at: T0 + i }))])
    for (let i = 0; i < 200; i++) {
      const row = aVerification(`v${i}`, { status: 'denied' })
      ledger.append([{ table: 'verifications', row }])
    }
    const kept = await ledger.requests({ limit: 10_000 })
    expect(kept.length).toBeLessThanOrEqual(100)
    expect(kept.length).toBeGreaterThanOrEqual(90)
    expect(ids(kept).slice(0, 3)).toEqual(['r999', 'r998', 'r997'])
    expect(ids(kept).slice(-2)).toEqual(['of an open one', 'reserved'])
    expect(await ledger.request('old')).toBeNull()
    expect(await ledger.send('its send')).toBeNull()
    expect(await ledger.outcomesOf('old')).toEqual([])
    expect(await ledger.verification('ended')).toBeNull()
    expect((await ledger.verification('open'))?.id).toBe('open')
    expect(ids(await ledger.due(T0 + 1e9, 10))).toEqual(['reserved'])
  })

  test('refuses more rather than forget reserved credit, and takes again once some is settled', async () => {
    const ledger = memoryLedger({ capacity: 50 })
    for (let i = 0; i < 100; i++) ledger.append([requestRow(aCharged(`r${i}`))])
    expect(() => ledger.append([requestRow(aCharged('one too many'))])).toThrow(
      /raise its capacity/,
    )
    await expect(ledger.commit([requestRow(aCharged('again'))])).rejects.toMatchObject({
      name: 'LedgerError',
      fault: 'full',
    })
    expect(await ledger.requests({ limit: 1_000 })).toHaveLength(100)
    for (let i = 0; i < 60; i++)
      await ledger.settle(`r${i}`, ['reserved'], 'lost', { kind: 'lost', at: T0 })
    await ledger.commit([requestRow(aCharged('again'))])
    expect((await ledger.request('again'))?.credit).toBe('reserved')
    expect(await ledger.request('r0')).toBeNull()
    expect((await ledger.request('r60'))?.credit).toBe('reserved')
  })

  test('never drops a key that is still taken', async () => {
    const ledger = memoryLedger({ capacity: 5 })
    for (let i = 0; i < 10; i++)
      expect(await ledger.putIfAbsent('challenge', `k${i}`, 'x', T0 + 10, T0)).toBeNull()
    await expect(ledger.putIfAbsent('challenge', 'more', 'x', T0 + 10, T0)).rejects.toMatchObject({
      fault: 'full',
    })
    expect(await ledger.putIfAbsent('challenge', 'k3', 'y', T0 + 10, T0)).toBe('x')
    expect(await ledger.putIfAbsent('challenge', 'more', 'x', T0 + 20, T0 + 10)).toBeNull()
  })

  test('rows of a refused batch leave nothing behind', async () => {
    const ledger = memoryLedger()
    await ledger.commit([requestRow(aRequest('one'))])
    const before = await ledger.position()
    expect(() => ledger.append([requestRow(aRequest('two')), requestRow(aRequest('two'))])).toThrow(
      /requests two/,
    )
    expect(await ledger.request('two')).toBeNull()
    expect(await ledger.position()).toEqual(before)
  })
})
