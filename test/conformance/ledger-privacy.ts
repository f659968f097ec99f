import { describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/ledger/port.js'
import { aCharged, anOutcome, aRequest, aSend, aVerification, T0 } from './ledger-rows.js'

const NUMBER = '+2348031234567'
const OTHER = '+2348031234568'
/** Begins like the erased one. */
const LONGER = '+23480312345671'
const NOW = T0 + 3_600_000
const once = { now: NOW, lists: false }

/** A person who asked, was sent a code, verified, and is named wherever an installation may name a number. */
async function aLife(ledger: Ledger): Promise<void> {
  ledger.append([
    {
      table: 'requests',
      row: aCharged('r1', { verificationId: 'v1', credit: 'earned', settledAt: T0 + 5 }),
    },
    { table: 'verifications', row: aVerification('v1', { status: 'verified', requestId: 'r1' }) },
    {
      table: 'sends',
      row: aSend('s1', {
        ...{ requestId: 'r1', verificationId: 'v1', provider: 'twilio', providerId: 'SM1' },
        error: 'their words',
      }),
    },
    {
      table: 'receipts',
      row: { sendId: 's1', at: T0 + 2, status: 'delivered', error: null, providerCode: null },
    },
    { table: 'outcomes', row: anOutcome('r1', { detail: 'their words' }) },
    {
      table: 'requests',
      row: aRequest('r2', { at: T0 + 9, service: 'login', verificationId: 'v2' }),
    },
    {
      table: 'verifications',
      row: aVerification('v2', { status: 'held', service: 'login', requestId: 'r2' }),
    },
    { table: 'requests', row: aRequest('bystander', { number: OTHER }) },
    { table: 'verifications', row: aVerification('vb', { number: OTHER, to: OTHER }) },
  ])
  const entry = { source: 'user:1', createdAt: T0, expiresAt: null }
  await ledger.putListEntry({ list: 'deny', entry: NUMBER, ...entry })
  await ledger.putListEntry({ list: 'deny', entry: '+23480312*', ...entry })
  const document = { parent: '', at: T0, expiresAt: null }
  await ledger.putDocument({ kind: 'watch', id: NUMBER, ...document, body: { hits: 1 } })
  await ledger.putDocument({
    ...{ kind: 'report-sources', id: 'd', ...document },
    body: { numbers: [{ key: NUMBER }, { key: OTHER }, { key: LONGER }] },
  })
  await ledger.putDocument({ kind: 'watch-hit', id: 'r1', ...document, parent: NUMBER, body: {} })
  await ledger.commit()
}

/** Everything that can be read back of anybody. */
async function everything(ledger: Ledger): Promise<string> {
  const kinds = ['watch', 'watch-hit', 'report-sources']
  return JSON.stringify([
    await ledger.requests({ limit: 100 }),
    await Promise.all(['v1', 'v2'].map((id) => ledger.verification(id))),
    await ledger.sends('v1'),
    await ledger.outcomesOf('r1'),
    await Promise.all(kinds.map((kind) => ledger.documents({ kind, limit: 100 }))),
    await ledger.actions(100),
  ])
}

/** What people may ask about their own number. @param ledger the one of the running test, empty */
export function ledgerPrivacy(ledger: () => Ledger): void {
  describe('records of one person', () => {
    test('are all that names the number, and nobody else', async () => {
      await aLife(ledger())
      const found = await ledger().privacy.recordsOf(NUMBER)
      expect(found.requests.map(({ id }) => id).sort()).toEqual(['r1', 'r2'])
      expect(found.verifications.map(({ id }) => id).sort()).toEqual(['v1', 'v2'])
      expect(found.sends.map(({ id }) => id)).toEqual(['s1'])
      expect(found.outcomes).toHaveLength(1)
      expect(found.lists).toEqual([expect.objectContaining({ list: 'deny', entry: NUMBER })])
      expect(found.documents.map(({ kind }) => kind).sort()).toEqual([
        'report-sources',
        'watch',
        'watch-hit',
      ])
      const nobody = await ledger().privacy.recordsOf('+447700900123')
      expect(Object.values(nobody).flat()).toEqual([])
    })

    test('are erased: what they were, where they were and whose, while money and counts stay', async () => {
      await aLife(ledger())
      const erased = await ledger().privacy.erase(NUMBER, { now: NOW, lists: true })
      expect(erased).toEqual({
        ...{ requests: 2, verifications: 2, sends: 1, documents: 2, lists: 2 },
        ...{
          listsLeft: [],
          watchLeft: false,
          inFlight: 0,
          inFlightUntil: null,
          policyVersions: [],
        },
      })
      const left = await everything(ledger())
      for (const trace of [`"${NUMBER}"`, 'their words', 'SM1']) expect(left).not.toContain(trace)
      const r1 = await ledger().request('r1')
      expect(r1).toMatchObject({
        ...{ number: 'erased', ip: null, subnet: null, deviceId: null, accountId: null },
        ...{
          sessionId: null,
          userAgent: null,
          country: 'NG',
          block: '+234803123',
          credit: 'earned',
        },
        priceMicroUsd: 110_000,
      })
      expect(r1?.charge).toMatchObject({
        ...{ numberKey: 'erased', sources: [], unitMicroUsd: 110_000 },
        lines: [{ line: 'block', key: '+234803123', cost: 110_000 }],
      })
      expect(await ledger().verification('v1')).toMatchObject({
        ...{ number: 'erased', to: '', status: 'verified', context: {}, tags: null, locale: null },
      })
      expect(await ledger().verification('v2')).toMatchObject({
        status: 'cancelled',
        codeHash: null,
      })
      expect(await ledger().send('s1')).toMatchObject({ providerId: null, error: null })
      expect(await ledger().latestVerification('signup', NUMBER)).toBeNull()
      expect(await ledger().requests({ number: NUMBER, limit: 10 })).toEqual([])
      expect(await ledger().conversion({})).toEqual({ total: 1, converted: 1 })
      // nobody else is touched: not the bystander, not the range, not the longer number
      expect((await ledger().requests({ number: OTHER, limit: 10 }))[0]).toMatchObject({
        ...{ id: 'bystander', ip: '105.112.3.4' },
      })
      expect((await ledger().verification('vb'))?.to).toBe(OTHER)
      expect((await ledger().listEntries(NOW)).map(({ entry }) => entry)).toEqual(['+23480312*'])
      const [sources] = await ledger().documents({ kind: 'report-sources', limit: 1 })
      expect(sources?.body).toEqual({
        numbers: [{ key: 'erased' }, { key: OTHER }, { key: LONGER }],
      })
    })

    test('are erased once: the second time there is nothing left', async () => {
      await aLife(ledger())
      await ledger().privacy.erase(NUMBER, { now: NOW, lists: true })
      expect(await ledger().privacy.erase(NUMBER, { now: NOW + 1, lists: true })).toEqual({
        ...{ requests: 0, verifications: 0, sends: 0, documents: 0, lists: 0 },
        ...{
          listsLeft: [],
          watchLeft: false,
          inFlight: 0,
          inFlightUntil: null,
          policyVersions: [],
        },
      })
      const left = await ledger().privacy.recordsOf(NUMBER)
      expect(Object.values(left).flat()).toEqual([])
    })

    test('on lists are left where nobody asked for them, and told', async () => {
      await aLife(ledger())
      const erased = await ledger().privacy.erase(NUMBER, once)
      expect(erased).toMatchObject({ lists: 0, listsLeft: ['deny'], watchLeft: true })
      const entries = (await ledger().listEntries(NOW)).map(({ entry }) => entry)
      expect(entries.sort()).toEqual(['+23480312*', NUMBER].sort())
      expect((await ledger().document('watch', NUMBER))?.body).toEqual({ hits: 1 })
    })

    test('of messages that are not settled wait until they are', async () => {
      const maturesAt = T0 + 120_000
      ledger().append([
        { table: 'requests', row: aCharged('open', { verificationId: 'v', maturesAt }) },
        { table: 'verifications', row: aVerification('v', { requestId: 'open' }) },
      ])
      const first = await ledger().privacy.erase(NUMBER, once)
      expect(first).toMatchObject({ requests: 0, inFlight: 1, inFlightUntil: maturesAt })
      expect((await ledger().verification('v'))?.status).toBe('cancelled')
      const settled = await ledger().settle('open', ['reserved'], 'lost', { kind: 'lost', at: NOW })
      expect(settled?.charge?.sources).toEqual(['device:device-1', 'account:7'])
      const second = await ledger().privacy.erase(NUMBER, once)
      expect(second).toMatchObject({ requests: 1, inFlight: 0, inFlightUntil: null })
      expect((await ledger().request('open'))?.number).toBe('erased')
    })

    test('in versions of the policy are told: people wrote them', async () => {
      await ledger().putPolicy({ at: T0, by: 'file', yaml: `deny: ["${NUMBER}"]`, note: null })
      await ledger().putPolicy({ at: T0, by: 'file', yaml: 'mode: monitor', note: null })
      expect((await ledger().privacy.recordsOf(NUMBER)).policyVersions).toEqual([1])
      expect((await ledger().privacy.erase(NUMBER, once)).policyVersions).toEqual([1])
    })
  })
}
