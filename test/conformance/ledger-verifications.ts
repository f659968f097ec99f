import { describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/ledger/port.js'
import type { SendStatus } from '../../src/ledger/rows.js'
import { aSend, aVerification, T0 } from './ledger-rows.js'

const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id)
/** Numbers may come back hashed: compared by being found under it. */
const but = <Row extends { number: string }>({ number, ...rest }: Row) => rest

/** Verifications, sends, and keys that are taken once. @param ledger the one of the running test, empty */
export function ledgerVerifications(ledger: () => Ledger): void {
  describe('verifications', () => {
    test('come back as they were appended, found by id and by number', async () => {
      const row = aVerification('one')
      ledger().append([{ table: 'verifications', row }])
      const found = await ledger().verification('one')
      expect(found && but(found)).toEqual(but(row))
      expect(await ledger().verification('nobody')).toBeNull()
      expect((await ledger().latestVerification('signup', row.number))?.id).toBe('one')
      expect(await ledger().latestVerification('login', row.number)).toBeNull()
      expect(await ledger().latestVerification('signup', '+447700900123')).toBeNull()
    })

    test('the latest of a number is the one written last, among the states asked for', async () => {
      ledger().append([
        {
          table: 'verifications',
          row: aVerification('old', { status: 'sent', createdAt: T0 + 5 }),
        },
        {
          table: 'verifications',
          row: aVerification('new', { status: 'expired', createdAt: T0 }),
        },
      ])
      const { number } = aVerification('old')
      expect((await ledger().latestVerification('signup', number))?.id).toBe('new')
      expect((await ledger().latestVerification('signup', number, ['sent', 'held']))?.id).toBe(
        'old',
      )
      expect(await ledger().latestVerification('signup', number, ['verified'])).toBeNull()
    })

    test('an update with a stale version changes nothing', async () => {
      ledger().append([{ table: 'verifications', row: aVerification('one') }])
      const patch = { checks: 1, codeHash: null, tags: null, context: { b: 2 } }
      expect(await ledger().updateVerification('one', 0, patch)).toBe(true)
      expect(await ledger().updateVerification('one', 0, { checks: 9 })).toBe(false)
      expect(await ledger().updateVerification('nobody', 0, { checks: 9 })).toBe(false)
      expect(await ledger().updateVerification('one', 1, {})).toBe(true)
      expect(await ledger().verification('one')).toMatchObject({
        ...patch,
        version: 2,
        to: '+2348031234567',
      })
    })

    test('that are open past their expiry are found, those that ended are not', async () => {
      const statuses = [
        'challenge_required',
        'held',
        'sent',
        'verified',
        'denied',
        'expired',
        'cancelled',
        'failed',
      ] as const
      ledger().append(
        statuses.map((status, i) => ({
          table: 'verifications',
          row: aVerification(status, { status, expiresAt: T0 + 10 - i }),
        })),
      )
      expect(ids(await ledger().expired(T0 + 10, 10))).toEqual([
        'sent',
        'held',
        'challenge_required',
      ])
      expect(ids(await ledger().expired(T0 + 8, 10))).toEqual(['sent'])
      expect(ids(await ledger().expired(T0 + 10, 2))).toEqual(['sent', 'held'])
    })
  })

  describe('sends', () => {
    test('are found by id, by their provider and by verification, and are updated', async () => {
      const sends = [aSend('s1'), aSend('s2'), aSend('s3', { verificationId: 'other' })]
      ledger().append(sends.map((row) => ({ table: 'sends', row })))
      await ledger().updateSend('s1', {
        provider: 'twilio',
        providerId: 'SM1',
        status: 'accepted',
        updatedAt: T0 + 1,
      })
      await ledger().updateSend('s2', { provider: 'other', providerId: 'SM1' })
      await ledger().updateSend('nobody', { status: 'failed' })
      const updated = {
        ...sends[0],
        provider: 'twilio',
        providerId: 'SM1',
        status: 'accepted',
        updatedAt: T0 + 1,
      }
      expect(await ledger().send('s1')).toEqual(updated)
      expect(await ledger().sendByProvider('twilio', 'SM1')).toEqual(updated)
      expect(await ledger().sendByProvider('twilio', 'SM2')).toBeNull()
      expect(ids(await ledger().sends('verification-1'))).toEqual(['s1', 's2'])
      expect(await ledger().send('nobody')).toBeNull()
    })

    test('are found by their requests, many at once', async () => {
      const sends = ['a', 'b', 'c'].map((id) => aSend(`s-${id}`, { requestId: `r-${id}` }))
      ledger().append(sends.map((row) => ({ table: 'sends', row })))
      const found = await ledger().sendsOf(['r-c', 'r-a', 'r-nobody'])
      expect(found.get('r-a')).toEqual(sends[0])
      expect([...found.keys()].sort()).toEqual(['r-a', 'r-c'])
      expect(await ledger().sendsOf([])).toEqual(new Map())
    })

    test('change from the states that the caller names, and say whether they did', async () => {
      ledger().append([{ table: 'sends', row: aSend('s1', { status: 'accepted' }) }])
      const told = (status: SendStatus, from?: SendStatus[]) =>
        ledger().updateSend('s1', { status }, from)
      expect(await told('delivered', ['pending', 'unknown'])).toBe(false)
      expect((await ledger().send('s1'))?.status).toBe('accepted')
      expect(await told('delivered', ['pending', 'accepted'])).toBe(true)
      expect(await told('failed', ['accepted'])).toBe(false)
      expect((await ledger().send('s1'))?.status).toBe('delivered')
      expect(await told('failed')).toBe(true)
      expect(await ledger().updateSend('nobody', { status: 'failed' })).toBe(false)
    })

    test('that nobody answered before the process ended become unknown, once', async () => {
      ledger().append([
        { table: 'sends', row: aSend('pending') },
        { table: 'sends', row: aSend('accepted', { status: 'accepted' }) },
      ])
      expect(await ledger().markInterruptedSends(T0 + 9)).toBe(1)
      expect(await ledger().markInterruptedSends(T0 + 10)).toBe(0)
      expect(await ledger().send('pending')).toMatchObject({ status: 'unknown', updatedAt: T0 + 9 })
      expect(await ledger().send('accepted')).toMatchObject({ status: 'accepted', updatedAt: T0 })
    })

    test('that another gateway may still have in flight are left alone', async () => {
      ledger().append([
        { table: 'sends', row: aSend('long ago', { at: T0 - 120_000 }) },
        { table: 'sends', row: aSend('just now', { at: T0 - 119_999 }) },
      ])
      expect(await ledger().markInterruptedSends(T0, 120_000)).toBe(1)
      expect((await ledger().send('long ago'))?.status).toBe('unknown')
      expect((await ledger().send('just now'))?.status).toBe('pending')
    })
  })

  describe('claims', () => {
    test('the first caller wins until the key expires, scopes are apart', async () => {
      const put = (value: string, now: number) =>
        ledger().putIfAbsent('idempotency', 'k', value, now + 10, now)
      expect(await put('first', T0)).toBeNull()
      expect(await put('second', T0 + 9)).toBe('first')
      expect(await ledger().putIfAbsent('challenge', 'k', 'x', T0 + 10, T0)).toBeNull()
      await ledger().put('idempotency', 'k', 'answer', T0 + 20)
      expect(await put('third', T0 + 19)).toBe('answer')
      expect(await put('fourth', T0 + 20)).toBeNull()
      await ledger().remove('idempotency', 'k')
      expect(await put('fifth', T0 + 21)).toBeNull()
    })
  })
}
