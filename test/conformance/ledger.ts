import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/ledger/port.js'
import { ledgerProperties } from './ledger-properties.js'
import { aCharged, anOutcome, aRequest, aSend, aVerification, MINUTE, T0 } from './ledger-rows.js'

/**
 * What every ledger has to do, whatever lies under it.
 * @param open a new, empty ledger; numbers in clear or hashed, the suite holds for both
 */
export function ledgerConformance(name: string, open: () => Promise<Ledger>): void {
  describe(`ledger: ${name}`, () => {
    let ledger: Ledger
    beforeEach(async () => {
      ledger = await open()
    })
    afterEach(() => ledger.close())

    const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id)
    /** Numbers may come back hashed: compared by being found under it. */
    const but = <Row extends { number: string }>({ number, ...rest }: Row) => rest

    describe('requests', () => {
      test('come back as they were appended, each field', async () => {
        const plain = aRequest('plain')
        const charged = aCharged('charged')
        const bare = aRequest('bare', {
          ip: null,
          subnet: null,
          asn: null,
          deviceId: null,
          sessionId: null,
          userAgent: null,
          apiKeyId: null,
          reasons: [],
          knownGood: false,
          degraded: true,
        })
        ledger.append([plain, charged, bare].map((row) => ({ table: 'requests', row })))
        for (const row of [plain, charged, bare]) {
          const found = await ledger.request(row.id)
          expect(found && but(found)).toEqual(but(row))
        }
        expect(await ledger.request('nobody')).toBeNull()
      })

      test('are kept as they were when appended, not as the caller changed them later', async () => {
        const row = aCharged('one')
        ledger.append([{ table: 'requests', row }])
        row.verdict = 'deny'
        row.charge?.lines.pop()
        const found = await ledger.request('one')
        expect(found?.verdict).toBe('allow')
        expect(found?.charge?.lines).toHaveLength(2)
      })

      test('a malformed row is refused on the spot, and the rest of its batch with it', async () => {
        const bad = aRequest('bad', { score: Number.NaN })
        expect(() =>
          ledger.append([
            { table: 'requests', row: aRequest('good') },
            { table: 'requests', row: bad },
          ]),
        ).toThrow(/requests\.score is NaN/)
        expect(await ledger.request('good')).toBeNull()
        expect(await ledger.request('bad')).toBeNull()
      })

      test('are listed newest first, by each part of the filter', async () => {
        const rows = [
          aRequest('a', { at: T0, service: 'login', verificationId: 'v1' }),
          aRequest('b', { at: T0 + 1, number: '+447700900123', country: 'GB' }),
          aCharged('c', { at: T0 + 2, verificationId: 'v1' }),
          aRequest('d', { at: T0 + 2 }),
        ]
        ledger.append(rows.map((row) => ({ table: 'requests', row })))
        const list = async (filter: object) => ids(await ledger.requests({ limit: 10, ...filter }))
        expect(await list({})).toEqual(['d', 'c', 'b', 'a'])
        expect(await list({ service: 'login' })).toEqual(['a'])
        expect(await list({ number: '+447700900123' })).toEqual(['b'])
        expect(await list({ verificationId: 'v1' })).toEqual(['c', 'a'])
        expect(await list({ country: 'GB' })).toEqual(['b'])
        expect(await list({ from: T0 + 1, to: T0 + 1 })).toEqual(['b'])
        expect(await list({ from: T0 + 2 })).toEqual(['d', 'c'])
        expect(await list({ credit: ['reserved', 'lost'] })).toEqual(['c'])
        expect(await list({ credit: [] })).toEqual([])
        expect(await list({ limit: 2 })).toEqual(['d', 'c'])
      })

      test('pages join without gap or repetition, also where the clock stepped back', async () => {
        const times = [5, 6, 7, 2, 3, 7, 8, 1]
        ledger.append(
          times.map((t, i) => ({ table: 'requests', row: aRequest(`r${i}`, { at: T0 + t }) })),
        )
        const paged: string[] = []
        let before: number | undefined
        for (;;) {
          const page = await ledger.requests({
            limit: 3,
            ...(before === undefined ? {} : { before }),
          })
          if (page.length === 0) break
          paged.push(...ids(page))
          before = page.at(-1)?.seq
        }
        expect(paged).toEqual(ids(await ledger.requests({ limit: 100 })))
        expect(paged).toHaveLength(times.length)
      })
    })

    describe('credit', () => {
      test('settles once, with its outcome; a second attempt changes nothing', async () => {
        ledger.append([{ table: 'requests', row: aCharged('one') }])
        const won = await ledger.settle('one', ['reserved'], 'lost', { kind: 'lost', at: T0 + 5 })
        expect(won).toMatchObject({
          id: 'one',
          before: 'reserved',
          settledBefore: null,
          credit: 'lost',
          settledAt: T0 + 5,
        })
        expect(
          await ledger.settle('one', ['reserved'], 'earned', { kind: 'verified', at: T0 + 6 }),
        ).toBeNull()
        expect(
          await ledger.settle('nobody', ['reserved'], 'earned', { kind: 'verified', at: T0 }),
        ).toBeNull()

        const late = await ledger.settle('one', ['reserved', 'lost'], 'earned', {
          kind: 'verified',
          at: T0 + 9,
          detail: 'late',
        })
        expect(late).toMatchObject({ before: 'lost', settledBefore: T0 + 5, credit: 'earned' })
        expect(await ledger.outcomesOf('one')).toEqual([
          {
            at: T0 + 5,
            requestId: 'one',
            kind: 'lost',
            from: 'reserved',
            to: 'lost',
            detail: null,
          },
          {
            at: T0 + 9,
            requestId: 'one',
            kind: 'verified',
            from: 'lost',
            to: 'earned',
            detail: 'late',
          },
        ])
        expect(await ledger.request('one')).toMatchObject({ credit: 'earned', settledAt: T0 + 9 })
      })

      test('is due when it matures, oldest first, until it is settled', async () => {
        const rows = [
          aCharged('later', { maturesAt: T0 + 30 }),
          aCharged('first', { maturesAt: T0 + 10 }),
          aCharged('second', { maturesAt: T0 + 20 }),
          aRequest('never'),
        ]
        ledger.append(rows.map((row) => ({ table: 'requests', row })))
        expect(ids(await ledger.due(T0 + 9, 10))).toEqual([])
        expect(ids(await ledger.due(T0 + 20, 10))).toEqual(['first', 'second'])
        expect(ids(await ledger.due(T0 + 99, 1))).toEqual(['first'])
        await ledger.settle('first', ['reserved'], 'earned', { kind: 'verified', at: T0 })
        expect(ids(await ledger.due(T0 + 20, 10))).toEqual(['second'])
      })

      test('can be replayed from a position: charges by writing, settlements with what went before', async () => {
        ledger.append([
          { table: 'requests', row: aCharged('a') },
          { table: 'requests', row: aRequest('uncharged') },
        ])
        const start = await ledger.position()
        ledger.append([
          { table: 'requests', row: aCharged('b') },
          { table: 'outcomes', row: anOutcome('b') },
        ])
        await ledger.settle('a', ['reserved'], 'lost', { kind: 'lost', at: T0 + 7 })
        await ledger.settle('b', ['reserved'], 'earned', { kind: 'verified', at: T0 + 8 })
        await ledger.settle('a', ['lost'], 'earned', { kind: 'verified', at: T0 + 9 })

        expect(ids(await ledger.charges(0, 10))).toEqual(['a', 'b'])
        expect(ids(await ledger.charges(0, 1))).toEqual(['a'])
        expect(ids(await ledger.charges(start.requests, 10))).toEqual(['b'])
        const settled = await ledger.settlements(start.outcomes, 10)
        expect(
          settled.map(({ requestId, to, settledBefore, request }) => [
            requestId,
            to,
            settledBefore,
            request.id,
          ]),
        ).toEqual([
          ['a', 'lost', null, 'a'],
          ['b', 'earned', null, 'b'],
          ['a', 'earned', T0 + 7, 'a'],
        ])
        expect(settled[0]?.request.charge).toEqual(aCharged('a').charge)
        const end = await ledger.position()
        expect(end).toEqual({
          requests: (await ledger.charges(0, 10)).at(-1)?.seq,
          outcomes: settled.at(-1)?.seq,
        })
        expect(await ledger.settlements(end.outcomes, 10)).toEqual([])
      })
    })

    describe('verifications', () => {
      test('come back as they were appended, found by id and by number', async () => {
        const row = aVerification('one')
        ledger.append([{ table: 'verifications', row }])
        const found = await ledger.verification('one')
        expect(found && but(found)).toEqual(but(row))
        expect(await ledger.verification('nobody')).toBeNull()
        expect((await ledger.latestVerification('signup', row.number))?.id).toBe('one')
        expect(await ledger.latestVerification('login', row.number)).toBeNull()
        expect(await ledger.latestVerification('signup', '+447700900123')).toBeNull()
      })

      test('the latest of a number is the one written last, among the states asked for', async () => {
        ledger.append([
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
        expect((await ledger.latestVerification('signup', number))?.id).toBe('new')
        expect((await ledger.latestVerification('signup', number, ['sent', 'held']))?.id).toBe(
          'old',
        )
        expect(await ledger.latestVerification('signup', number, ['verified'])).toBeNull()
      })

      test('an update with a stale version changes nothing', async () => {
        ledger.append([{ table: 'verifications', row: aVerification('one') }])
        const patch = { checks: 1, codeHash: null, tags: null, context: { b: 2 } }
        expect(await ledger.updateVerification('one', 0, patch)).toBe(true)
        expect(await ledger.updateVerification('one', 0, { checks: 9 })).toBe(false)
        expect(await ledger.updateVerification('nobody', 0, { checks: 9 })).toBe(false)
        expect(await ledger.updateVerification('one', 1, {})).toBe(true)
        expect(await ledger.verification('one')).toMatchObject({
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
        ledger.append(
          statuses.map((status, i) => ({
            table: 'verifications',
            row: aVerification(status, { status, expiresAt: T0 + 10 - i }),
          })),
        )
        expect(ids(await ledger.expired(T0 + 10, 10))).toEqual([
          'sent',
          'held',
          'challenge_required',
        ])
        expect(ids(await ledger.expired(T0 + 8, 10))).toEqual(['sent'])
        expect(ids(await ledger.expired(T0 + 10, 2))).toEqual(['sent', 'held'])
      })
    })

    describe('sends', () => {
      test('are found by id, by their provider and by verification, and are updated', async () => {
        const sends = [aSend('s1'), aSend('s2'), aSend('s3', { verificationId: 'other' })]
        ledger.append(sends.map((row) => ({ table: 'sends', row })))
        await ledger.updateSend('s1', {
          provider: 'twilio',
          providerId: 'SM1',
          status: 'accepted',
          updatedAt: T0 + 1,
        })
        await ledger.updateSend('s2', { provider: 'other', providerId: 'SM1' })
        await ledger.updateSend('nobody', { status: 'failed' })
        const updated = {
          ...sends[0],
          provider: 'twilio',
          providerId: 'SM1',
          status: 'accepted',
          updatedAt: T0 + 1,
        }
        expect(await ledger.send('s1')).toEqual(updated)
        expect(await ledger.sendByProvider('twilio', 'SM1')).toEqual(updated)
        expect(await ledger.sendByProvider('twilio', 'SM2')).toBeNull()
        expect(ids(await ledger.sends('verification-1'))).toEqual(['s1', 's2'])
        expect(await ledger.send('nobody')).toBeNull()
      })

      test('that nobody answered before the process ended become unknown, once', async () => {
        ledger.append([
          { table: 'sends', row: aSend('pending') },
          { table: 'sends', row: aSend('accepted', { status: 'accepted' }) },
        ])
        expect(await ledger.markInterruptedSends(T0 + 9)).toBe(1)
        expect(await ledger.markInterruptedSends(T0 + 10)).toBe(0)
        expect(await ledger.send('pending')).toMatchObject({ status: 'unknown', updatedAt: T0 + 9 })
        expect(await ledger.send('accepted')).toMatchObject({ status: 'accepted', updatedAt: T0 })
      })
    })

    describe('claims', () => {
      test('the first caller wins until the key expires, scopes are apart', async () => {
        const put = (value: string, now: number) =>
          ledger.putIfAbsent('idempotency', 'k', value, now + 10, now)
        expect(await put('first', T0)).toBeNull()
        expect(await put('second', T0 + 9)).toBe('first')
        expect(await ledger.putIfAbsent('challenge', 'k', 'x', T0 + 10, T0)).toBeNull()
        await ledger.put('idempotency', 'k', 'answer', T0 + 20)
        expect(await put('third', T0 + 19)).toBe('answer')
        expect(await put('fourth', T0 + 20)).toBeNull()
        await ledger.remove('idempotency', 'k')
        expect(await put('fifth', T0 + 21)).toBeNull()
      })
    })

    describe('policies, keys, lists, services, actions', () => {
      test('policies are numbered from one and never change', async () => {
        expect(await ledger.policy()).toBeNull()
        expect(await ledger.putPolicy({ at: T0, by: 'file', yaml: 'version: 1', note: null })).toBe(
          1,
        )
        expect(
          await ledger.putPolicy({ at: T0 + 1, by: 'key-1', yaml: 'version: 1 # b', note: 'n' }),
        ).toBe(2)
        expect(await ledger.policy()).toEqual({
          version: 2,
          at: T0 + 1,
          by: 'key-1',
          yaml: 'version: 1 # b',
          note: 'n',
        })
        expect(await ledger.policy(1)).toMatchObject({ version: 1, by: 'file', note: null })
        expect(await ledger.policy(3)).toBeNull()
        expect((await ledger.policies(10)).map((row) => row.version)).toEqual([2, 1])
        expect((await ledger.policies(1)).map((row) => row.version)).toEqual([2])
      })

      test('keys are put, replaced and revoked once', async () => {
        const row = {
          id: 'k1',
          secretHash: 'x',
          name: 'web',
          scopes: ['verify', 'read'],
          createdAt: T0,
          revokedAt: null,
        }
        await ledger.putKey(row)
        await ledger.putKey({ ...row, id: 'k2', createdAt: T0 - 1 })
        await ledger.putKey({ ...row, name: 'renamed' })
        expect(await ledger.key('k1')).toEqual({ ...row, name: 'renamed' })
        expect(await ledger.key('nobody')).toBeNull()
        expect(ids(await ledger.keys())).toEqual(['k2', 'k1'])
        expect(await ledger.revokeKey('k1', T0 + 5)).toBe(true)
        expect(await ledger.revokeKey('k1', T0 + 6)).toBe(false)
        expect(await ledger.revokeKey('nobody', T0)).toBe(false)
        expect((await ledger.key('k1'))?.revokedAt).toBe(T0 + 5)
      })

      test('list entries are in force until they expire', async () => {
        const row = {
          list: 'deny',
          entry: '+23480312',
          source: 'console',
          createdAt: T0,
          expiresAt: T0 + 10,
        } as const
        await ledger.putListEntry(row)
        await ledger.putListEntry({ ...row, list: 'allow', expiresAt: null })
        expect(await ledger.listEntries(T0 + 9)).toEqual([
          { ...row, list: 'allow', expiresAt: null },
          row,
        ])
        expect((await ledger.listEntries(T0 + 10)).map((entry) => entry.list)).toEqual(['allow'])
        await ledger.putListEntry({ ...row, expiresAt: T0 + 30, source: 'api' })
        expect((await ledger.listEntries(T0 + 10))[1]).toMatchObject({
          source: 'api',
          expiresAt: T0 + 30,
        })
        expect(await ledger.removeListEntry('deny', '+23480312')).toBe(true)
        expect(await ledger.removeListEntry('deny', '+23480312')).toBe(false)
      })

      test('services are put and replaced', async () => {
        const row = {
          sid: 'VA1',
          name: 'signup',
          friendlyName: 'Sign-up',
          codeLength: 6,
          createdAt: T0,
          updatedAt: T0,
        }
        await ledger.putService(row)
        await ledger.putService({ ...row, codeLength: 4, updatedAt: T0 + 1 })
        expect(await ledger.service('VA1')).toEqual({ ...row, codeLength: 4, updatedAt: T0 + 1 })
        expect(await ledger.service('VA2')).toBeNull()
        expect(await ledger.services()).toHaveLength(1)
      })

      test('actions are listed newest first', async () => {
        const row = {
          at: T0,
          actor: 'key-1',
          action: 'block',
          target: '+23480312',
          detail: { until: T0 },
        }
        ledger.append([
          { table: 'actions', row },
          { table: 'actions', row: { ...row, action: 'allow', detail: null } },
        ])
        const [second, first] = await ledger.actions(10)
        expect(first).toMatchObject(row)
        expect(second).toMatchObject({ action: 'allow', detail: null })
        expect(second?.seq).toBeGreaterThan(first?.seq ?? Number.NaN)
        expect(await ledger.actions(1)).toHaveLength(1)
      })
    })

    test('commit resolves with nothing to do, and makes its own rows readable', async () => {
      await ledger.commit()
      await ledger.commit([{ table: 'requests', row: aRequest('one') }])
      expect((await ledger.request('one'))?.id).toBe('one')
      expect(await ledger.healthy()).toBe(true)
    })

    test('a second row of one id is refused and told, and holds up nobody else', async () => {
      await ledger.commit([{ table: 'requests', row: aRequest('one') }])
      const results = await Promise.allSettled([
        ledger.commit([{ table: 'requests', row: aRequest('two') }]),
        ledger.commit([
          { table: 'requests', row: aRequest('three') },
          { table: 'requests', row: aRequest('one', { service: 'login' }) },
        ]),
        ledger.commit([{ table: 'requests', row: aRequest('four') }]),
      ])
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(results[1]).toMatchObject({
        reason: { message: expect.stringContaining('requests one') },
      })
      expect(ids(await ledger.requests({ limit: 10 }))).toEqual(['four', 'two', 'one'])
      expect((await ledger.request('one'))?.service).toBe('signup')
    })

    test('retention takes what is old and settled, and all that hangs on it; the rest stays', async () => {
      const DAY = 86_400_000
      const now = T0 + 100 * DAY
      const old = { at: T0, settledAt: T0 }
      ledger.append([
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
      await ledger.putIfAbsent('idempotency', 'gone', 'x', now, T0)
      await ledger.putIfAbsent('idempotency', 'held', 'x', now + 1, T0)
      await ledger.putListEntry({
        list: 'deny',
        entry: 'gone',
        source: 's',
        createdAt: T0,
        expiresAt: now,
      })

      const ages = { requests: 90 * DAY, verifications: 30 * DAY }
      expect(await ledger.retain(ages, now)).toEqual({
        requests: 1,
        verifications: 1,
        sends: 1,
        receipts: 1,
        outcomes: 1,
        claims: 1,
        listEntries: 1,
      })
      expect(ids(await ledger.requests({ limit: 10 })).sort()).toEqual([
        'of an open one',
        'recent',
        'unsettled',
      ])
      expect(await ledger.verification('ended')).toBeNull()
      expect((await ledger.verification('open'))?.id).toBe('open')
      expect((await ledger.verification('revived'))?.id).toBe('revived')
      expect(await ledger.send('old send')).toBeNull()
      expect((await ledger.send('recent send'))?.id).toBe('recent send')
      expect(await ledger.outcomesOf('old')).toEqual([])
      expect(await ledger.outcomesOf('recent')).toHaveLength(1)
      expect(await ledger.putIfAbsent('idempotency', 'held', 'y', now + 9, now)).toBe('x')
      expect(Object.values(await ledger.retain(ages, now)).every((count) => count === 0)).toBe(true)
    })

    test('retention never makes a sequence number come twice', async () => {
      ledger.append(
        Array.from(
          { length: 1200 },
          (_, i) => ({ table: 'requests', row: aRequest(`r${i}`) }) as const,
        ),
      )
      ledger.append([
        { table: 'requests', row: aCharged('settled', { credit: 'reserved' }) },
        { table: 'requests', row: aRequest('last') },
      ])
      await ledger.settle('settled', ['reserved'], 'lost', { kind: 'lost', at: T0 })
      const before = await ledger.position()
      const deleted = await ledger.retain({ requests: 1, verifications: 1 }, T0 + MINUTE)
      expect(deleted.requests).toBe(1200)
      expect(await ledger.position()).toEqual(before)
      ledger.append([{ table: 'requests', row: aCharged('next') }])
      expect(ids(await ledger.charges(before.requests, 10))).toEqual(['next'])
    })

    test('after close nothing is taken any more', async () => {
      await ledger.close()
      expect(() => ledger.append([{ table: 'requests', row: aRequest('late') }])).toThrow(/closed/)
      await expect(
        ledger.commit([{ table: 'requests', row: aRequest('late') }]),
      ).rejects.toMatchObject({ fault: 'lost' })
      expect(await ledger.healthy()).toBe(false)
    })

    ledgerProperties(() => ledger)
  })
}
