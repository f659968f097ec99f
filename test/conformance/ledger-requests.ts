import { describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/ledger/port.js'
import { ASKED, LEARNED, type RequestRow, SETTLED } from '../../src/ledger/rows.js'
import { aCharged, anOutcome, aRequest, MINUTE, T0 } from './ledger-rows.js'

const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id)
/** Numbers may come back hashed: compared by being found under it. */
const but = <Row extends { number: string }>({ number, ...rest }: Row) => rest
const part = (row: RequestRow, columns: readonly (keyof RequestRow)[]) =>
  Object.fromEntries(columns.map((column) => [column, row[column]]))

/** Requests, their credit, and reading them again from a position. @param ledger the one of the running test, empty */
export function ledgerRequests(ledger: () => Ledger): void {
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
      ledger().append([plain, charged, bare].map((row) => ({ table: 'requests', row })))
      for (const row of [plain, charged, bare]) {
        const found = await ledger().request(row.id)
        expect(found && but(found)).toEqual(but(row))
      }
      expect(await ledger().request('nobody')).toBeNull()
    })

    test('are kept as they were when appended, not as the caller changed them later', async () => {
      const row = aCharged('one')
      ledger().append([{ table: 'requests', row }])
      row.verdict = 'deny'
      row.charge?.lines.pop()
      const found = await ledger().request('one')
      expect(found?.verdict).toBe('allow')
      expect(found?.charge?.lines).toHaveLength(2)
    })

    test('a malformed row is refused on the spot, and the rest of its batch with it', async () => {
      const bad = aRequest('bad', { score: Number.NaN })
      expect(() =>
        ledger().append([
          { table: 'requests', row: aRequest('good') },
          { table: 'requests', row: bad },
        ]),
      ).toThrow(/requests\.score is NaN/)
      expect(await ledger().request('good')).toBeNull()
      expect(await ledger().request('bad')).toBeNull()
    })

    test('are listed newest first, by each part of the filter', async () => {
      const rows = [
        aRequest('a', { at: T0, service: 'login', verificationId: 'v1' }),
        aRequest('b', { at: T0 + 1, number: '+447700900123', country: 'GB' }),
        aCharged('c', { at: T0 + 2, verificationId: 'v1' }),
        aRequest('d', { at: T0 + 2 }),
      ]
      ledger().append(rows.map((row) => ({ table: 'requests', row })))
      const list = async (filter: object) => ids(await ledger().requests({ limit: 10, ...filter }))
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

    test('are counted as attempts once a message went out for a verification', async () => {
      const rows = [
        aCharged('a', { verificationId: 'v1', credit: 'earned' }),
        aCharged('b', { verificationId: 'v2', credit: 'lost', at: T0 + 1 }),
        aCharged('c', { verificationId: 'v3', service: 'login', at: T0 + 2 }),
        aCharged('d', {
          verificationId: 'v4',
          credit: 'failed',
          number: '+447700900123',
          country: 'GB',
          block: '+44770090',
          at: T0 + 3,
        }),
        aCharged('released', { verificationId: 'v5', credit: 'released' }),
        aRequest('denied', { verificationId: 'v6' }),
        aCharged('decided for another sender', { credit: 'earned' }),
      ]
      ledger().append(rows.map((row) => ({ table: 'requests', row })))
      const count = async (filter: object) => Object.values(await ledger().conversion(filter))
      expect(await count({})).toEqual([4, 1])
      expect(await count({ service: 'login' })).toEqual([1, 0])
      expect(await count({ country: 'NG' })).toEqual([3, 1])
      expect(await count({ from: T0 + 1, to: T0 + 2 })).toEqual([2, 0])
      expect(await count({ prefix: '+23480' })).toEqual([3, 1])
      expect(await count({ prefix: '+44' })).toEqual([1, 0])
      expect(await count({ prefix: '+1' })).toEqual([0, 0])
    })

    test('of one number are found among many others, however far apart', async () => {
      const number = '+447700900123'
      const mine = new Set([3, 8_191, 8_192, 8_193, 12_000, 20_001])
      ledger().append(
        Array.from({ length: 20_010 }, (_, i) => ({
          table: 'requests' as const,
          row: aCharged(`r${i}`, {
            ...{ at: T0 + i, verificationId: `v${i}` },
            ...(mine.has(i) ? { number, country: 'GB', credit: 'lost' } : {}),
          }),
        })),
      )
      const found = async (filter: object) => {
        const rows = await ledger().requests({ number, limit: 100, ...filter })
        return rows.map((row) => row.at - T0)
      }
      expect(await found({})).toEqual([20_001, 12_000, 8_193, 8_192, 8_191, 3])
      expect(await found({ limit: 2 })).toEqual([20_001, 12_000])
      expect(await found({ from: T0 + 8_192, to: T0 + 12_000 })).toEqual([12_000, 8_193, 8_192])
      expect(await found({ from: T0 + 20_001 })).toEqual([20_001])
      expect(await found({ from: T0 + 20_002 })).toEqual([])
      expect(await found({ from: T0 + 60 * MINUTE })).toEqual([])
      // by what no index has too, in any number of rows
      const those = async (filter: object) =>
        (await ledger().requests({ limit: 100, ...filter })).map((row) => row.at - T0)
      expect(await those({ country: 'GB' })).toEqual([20_001, 12_000, 8_193, 8_192, 8_191, 3])
      expect(await those({ country: 'GB', limit: 2 })).toEqual([20_001, 12_000])
      expect(await those({ credit: ['lost'], to: T0 + 12_000, limit: 5 })).toEqual([
        ...[12_000, 8_193, 8_192, 8_191, 3],
      ])
      const counted = { from: T0 + 4, to: T0 + 20_001 }
      expect(await ledger().conversion({ ...counted, country: 'GB' })).toEqual({
        ...{ total: 5, converted: 0 },
      })
      expect((await ledger().conversion({})).total).toBe(20_010)
    })

    test('of one number are found although the clock stepped back', async () => {
      const number = '+447700900123'
      const times = [9, 5 * MINUTE, 8, 7, 6 * MINUTE, 1]
      ledger().append(
        times.map((t, i) => ({
          table: 'requests',
          row: aRequest(`r${i}`, { at: T0 + t, number }),
        })),
      )
      expect(ids(await ledger().requests({ number, from: T0 + 8, limit: 10 }))).toEqual([
        'r4',
        'r1',
        'r0',
        'r2',
      ])
    })

    test('pages join without gap or repetition, also where the clock stepped back', async () => {
      const times = [5, 6, 7, 2, 3, 7, 8, 1]
      ledger().append(
        times.map((t, i) => ({ table: 'requests', row: aRequest(`r${i}`, { at: T0 + t }) })),
      )
      const span = { from: T0 + 2, to: T0 + 7 }
      for (const within of [{}, span])
        for (const ask of ['requests', 'asked'] as const) {
          const whole = (await ledger()[ask]({ ...within, limit: 100 })).map(({ seq }) => seq)
          expect(whole).toHaveLength(within === span ? 6 : times.length)
          const paged: number[] = []
          let before: number | undefined
          do {
            const page = await ledger()[ask]({
              ...{ ...within, limit: 3 },
              ...(before === undefined ? {} : { before }),
            })
            paged.push(...page.map(({ seq }) => seq))
            before = page.at(-1)?.seq
          } while (before !== undefined)
          expect(paged).toEqual(whole)
        }
    })

    test('what is counted of requests is what they say', async () => {
      ledger().append([
        { table: 'requests', row: aCharged('charged') },
        { table: 'requests', row: aRequest('refused', { ip: null, asn: null }) },
      ])
      const rows = await ledger().requests({ limit: 9 })
      const asked = await ledger().asked({ limit: 9 })
      expect(asked).toHaveLength(2)
      expect(rows).toMatchObject(asked)
      expect(Object.keys(asked[0] ?? {})).toEqual(expect.arrayContaining([...ASKED]))
    })
  })

  describe('credit', () => {
    test('settles once, with its outcome; a second attempt changes nothing', async () => {
      ledger().append([{ table: 'requests', row: aCharged('one') }])
      const won = await ledger().settle('one', ['reserved'], 'lost', { kind: 'lost', at: T0 + 5 })
      const { service, country, operator, at, charge, maturesAt } = aCharged('one')
      expect(won).toMatchObject({
        id: 'one',
        before: 'reserved',
        settledBefore: null,
        service,
        country,
        operator,
      })
      expect(won).toMatchObject({ at, charge, maturesAt })
      expect(await ledger().request('one')).toMatchObject({ credit: 'lost', settledAt: T0 + 5 })
      expect(
        await ledger().settle('one', ['reserved'], 'earned', { kind: 'verified', at: T0 + 6 }),
      ).toBeNull()
      expect(
        await ledger().settle('nobody', ['reserved'], 'earned', { kind: 'verified', at: T0 }),
      ).toBeNull()

      const late = await ledger().settle('one', ['reserved', 'lost'], 'earned', {
        kind: 'verified',
        at: T0 + 9,
        detail: 'late',
      })
      expect(late).toMatchObject({ before: 'lost', settledBefore: T0 + 5 })
      expect(await ledger().outcomesOf('one')).toEqual([
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
      expect(await ledger().request('one')).toMatchObject({ credit: 'earned', settledAt: T0 + 9 })
    })

    test('is found by its session: newest first, what the ledger has not written yet too', async () => {
      const of = { service: 'signup', number: '+2348030001234' }
      const asked = { ...of, from: T0, limit: 3, credit: ['reserved', 'lost'] as const }
      const sent = (id: string, more: Partial<RequestRow> = {}) => aCharged(id, { ...of, ...more })
      const rows = [
        sent('before', { at: T0 - 1 }),
        sent('first'),
        sent('elsewhere', { service: 'other' }),
        sent('another', { number: '+2348030001235' }),
        sent('earned', { credit: 'earned', settledAt: T0 + 1 }),
        sent('second', { at: T0 + 2, credit: 'lost', settledAt: T0 + 3 }),
        sent('third', { at: T0 + 1 }),
      ]
      ledger().append(rows.map((row) => ({ table: 'requests', row })))
      expect(await ledger().sessionSends(asked)).toEqual(['second', 'third', 'first'])
      expect(await ledger().sessionSends({ ...asked, limit: 2 })).toEqual(['second', 'third'])
      expect(await ledger().sessionSends({ ...asked, credit: ['lost'] })).toEqual(['second'])
      expect(await ledger().sessionSends({ ...asked, credit: [] })).toEqual([])
      await ledger().settle('third', ['reserved'], 'earned', { kind: 'verified', at: T0 + 4 })
      expect(await ledger().sessionSends(asked)).toEqual(['second', 'first'])
    })

    test('is due when it matures, oldest first, until it is settled', async () => {
      const rows = [
        aCharged('later', { maturesAt: T0 + 30 }),
        aCharged('first', { maturesAt: T0 + 10 }),
        aCharged('second', { maturesAt: T0 + 20 }),
        aRequest('never'),
      ]
      ledger().append(rows.map((row) => ({ table: 'requests', row })))
      expect(ids(await ledger().due(T0 + 9, 10))).toEqual([])
      expect(ids(await ledger().due(T0 + 20, 10))).toEqual(['first', 'second'])
      expect(ids(await ledger().due(T0 + 99, 1))).toEqual(['first'])
      await ledger().settle('first', ['reserved'], 'earned', { kind: 'verified', at: T0 })
      expect(ids(await ledger().due(T0 + 20, 10))).toEqual(['second'])
    })

    test('can be replayed from a position: charges by writing, settlements with what went before', async () => {
      ledger().append([
        { table: 'requests', row: aCharged('a') },
        { table: 'requests', row: aRequest('uncharged') },
      ])
      const start = await ledger().position()
      ledger().append([
        { table: 'requests', row: aCharged('b') },
        { table: 'outcomes', row: anOutcome('b') },
      ])
      await ledger().settle('a', ['reserved'], 'lost', { kind: 'lost', at: T0 + 7 })
      await ledger().settle('b', ['reserved'], 'earned', { kind: 'verified', at: T0 + 8 })
      await ledger().settle('a', ['lost'], 'earned', { kind: 'verified', at: T0 + 9 })

      expect(ids(await ledger().charges(0, 10))).toEqual(['a', 'b'])
      expect(ids(await ledger().charges(0, 1))).toEqual(['a'])
      expect(ids(await ledger().charges(start.requests, 10))).toEqual(['b'])
      expect(ids(await ledger().requestsAfter(0, 10))).toEqual(['a', 'uncharged', 'b'])
      expect(ids(await ledger().requestsAfter(0, 2))).toEqual(['a', 'uncharged'])
      expect(ids(await ledger().requestsAfter(start.requests, 10))).toEqual(['b'])
      const settled = await ledger().settlements(start.outcomes, 10)
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
      expect(settled[0]?.request).toMatchObject(part(aCharged('a'), SETTLED))
      const [learned] = await ledger().requestsAfter(start.requests, 1)
      expect(learned).toMatchObject(
        part(
          aCharged('b'),
          LEARNED.filter((column) => column !== 'number'),
        ),
      )
      const end = await ledger().position()
      expect(end).toEqual({
        requests: (await ledger().charges(0, 10)).at(-1)?.seq,
        outcomes: settled.at(-1)?.seq,
      })
      expect(await ledger().settlements(end.outcomes, 10)).toEqual([])
    })
  })
}
