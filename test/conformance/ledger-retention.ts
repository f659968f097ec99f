import { expect, test } from 'vitest'
import type { Ledger } from '../../src/ledger/port.js'
import { aCharged, anOutcome, aRequest, aSend, aVerification, MINUTE, T0 } from './ledger-rows.js'

const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id)

/** What is deleted when it is old, and what is not. @param ledger the one of the running test, empty */
export function ledgerRetention(ledger: () => Ledger): void {
  test('retention takes what is old and settled, and all that hangs on it; the rest stays', async () => {
    const DAY = 86_400_000
    const now = T0 + 100 * DAY
    const old = { at: T0, settledAt: T0 }
    ledger().append([
      { table: 'requests', row: aCharged('old', { ...old, credit: 'lost' }) },
      { table: 'requests', row: aCharged('unsettled', { at: T0 }) },
      { table: 'requests', row: aRequest('of an open one', { at: T0, verificationId: 'open' }) },
      { table: 'requests', row: aRequest('recent', { at: now - DAY }) },
      { table: 'verifications', row: aVerification('ended', { status: 'verified' }) },
      { table: 'verifications', row: aVerification('open', { status: 'held' }) },
      {
        table: 'verifications',
        row: aVerification('revived', { status: 'verified', updatedAt: now - DAY }),
      },
      { table: 'sends', row: aSend('old send', { requestId: 'old' }) },
      { table: 'sends', row: aSend('recent send', { requestId: 'recent' }) },
      {
        table: 'receipts',
        row: { sendId: 'old send', at: T0, status: 'delivered', error: null, providerCode: null },
      },
      { table: 'outcomes', row: anOutcome('old') },
      { table: 'outcomes', row: anOutcome('recent') },
    ])
    await ledger().putIfAbsent('idempotency', 'gone', 'x', now, T0)
    await ledger().putIfAbsent('idempotency', 'held', 'x', now + 1, T0)
    await ledger().putListEntry({
      list: 'deny',
      entry: 'gone',
      source: 's',
      createdAt: T0,
      expiresAt: now,
    })

    const ages = { requests: 90 * DAY, verifications: 30 * DAY }
    expect(await ledger().retain(ages, now)).toEqual({
      requests: 1,
      documents: 0,
      tallies: 0,
      verifications: 1,
      sends: 1,
      receipts: 1,
      outcomes: 1,
      claims: 1,
      listEntries: 1,
    })
    expect(ids(await ledger().requests({ limit: 10 })).sort()).toEqual([
      'of an open one',
      'recent',
      'unsettled',
    ])
    expect(await ledger().verification('ended')).toBeNull()
    expect((await ledger().verification('open'))?.id).toBe('open')
    expect((await ledger().verification('revived'))?.id).toBe('revived')
    expect(await ledger().send('old send')).toBeNull()
    expect((await ledger().send('recent send'))?.id).toBe('recent send')
    expect(await ledger().outcomesOf('old')).toEqual([])
    expect(await ledger().outcomesOf('recent')).toHaveLength(1)
    expect(await ledger().putIfAbsent('idempotency', 'held', 'y', now + 9, now)).toBe('x')
    expect(Object.values(await ledger().retain(ages, now)).every((count) => count === 0)).toBe(true)
  })

  test('retention never makes a sequence number come twice', async () => {
    ledger().append(
      Array.from(
        { length: 1200 },
        (_, i) => ({ table: 'requests', row: aRequest(`r${i}`) }) as const,
      ),
    )
    ledger().append([
      { table: 'requests', row: aCharged('settled', { credit: 'reserved' }) },
      { table: 'requests', row: aRequest('last') },
    ])
    await ledger().settle('settled', ['reserved'], 'lost', { kind: 'lost', at: T0 })
    const before = await ledger().position()
    const deleted = await ledger().retain({ requests: 1, verifications: 1 }, T0 + MINUTE)
    expect(deleted.requests).toBe(1200)
    expect(await ledger().position()).toEqual(before)
    ledger().append([{ table: 'requests', row: aCharged('next') }])
    expect(ids(await ledger().charges(before.requests, 10))).toEqual(['next'])
  })
}
