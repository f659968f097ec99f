import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/ledger/port.js'
import { timedId } from '../../src/ledger/timed-id.js'
import { ledgerLeases } from './ledger-leases.js'
import { aCharged, aRequest, aSend, aVerification, T0 } from './ledger-rows.js'

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)

/** What has to hold between gateways that share one ledger. @param open two ledgers on one store, empty */
export function ledgerGateways(open: () => { one: Ledger; other: Ledger }): void {
  ledgerLeases(open)

  describe('two gateways on one ledger', () => {
    test('see what the other one has written', async () => {
      const { one, other } = open()
      await one.commit([{ table: 'requests', row: aRequest('of one') }])
      await other.commit([{ table: 'requests', row: aRequest('of other') }])
      expect((await one.request('of other'))?.id).toBe('of other')
      expect((await other.request('of one'))?.id).toBe('of one')
    })

    test('settle each request once', async () => {
      const { one, other } = open()
      const ids = Array.from({ length: 60 }, (_, i) => `settled ${i}`)
      await one.commit(ids.map((id) => ({ table: 'requests', row: aCharged(id) })))
      const settled = await Promise.all(
        ids.flatMap((id) =>
          [one, other, one, other].map(async (ledger) => {
            const won = await ledger.settle(id, ['reserved'], 'lost', { kind: 'lost', at: T0 })
            return won === null ? 0 : 1
          }),
        ),
      )
      expect(sum(settled)).toBe(ids.length)
      for (const id of ids) expect(await other.outcomesOf(id)).toHaveLength(1)
    })

    test('claim each key once, and make each change of a verification once', async () => {
      const { one, other } = open()
      await one.commit([{ table: 'verifications', row: aVerification('contested') }])
      const claims = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          (i % 2 === 0 ? one : other).putIfAbsent('challenge', `k${i >> 2}`, `${i}`, T0 + 1, T0),
        ),
      )
      expect(claims.filter((claim) => claim === null)).toHaveLength(10)
      const changes = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          (i % 2 === 0 ? one : other).updateVerification('contested', 0, { checks: i }),
        ),
      )
      expect(changes.filter((changed) => changed)).toHaveLength(1)
      expect((await one.verification('contested'))?.version).toBe(1)
    })

    test('tell of each message once, when they are told of it at once', async () => {
      const { one, other } = open()
      const ids = Array.from({ length: 30 }, (_, i) => timedId('msg', T0 + i, randomBytes))
      await one.commit(
        ids.map((id) => ({ table: 'sends', row: aSend(id, { status: 'accepted' }) })),
      )
      const told = await Promise.all(
        ids.map((id) =>
          Promise.all([
            one.updateSend(id, { status: 'failed', error: 'absent' }, ['accepted']),
            other.updateSend(id, { status: 'delivered' }, ['accepted']),
          ]),
        ),
      )
      for (const [i, [failed, delivered]] of told.entries()) {
        expect(failed).toBe(!delivered)
        const { status, error } = (await one.send(ids[i] as string)) ?? {}
        expect({ status, error }).toEqual(
          failed ? { status: 'failed', error: 'absent' } : { status: 'delivered', error: null },
        )
      }
    })

    test('count every request once, though both count', async () => {
      const { one, other } = open()
      const write = (ledger: Ledger, name: string) => {
        for (let i = 0; i < 150; i++)
          ledger.append([{ table: 'requests', row: aRequest(`${name} ${i}`, { at: T0 + i }) }])
      }
      write(one, 'one')
      write(other, 'other')
      await Promise.all([one.commit(), other.commit()])
      const rounds = await Promise.all(
        [one, other, one, other].map((ledger) => ledger.rollUp(1_000, T0 + 1_000)),
      )
      expect(sum(rounds)).toBeGreaterThanOrEqual(300)
      const [all] = await one.series({
        ...{ period: 'day', dimension: 'all' },
        ...{ from: 0, to: 2 * T0 },
      })
      expect(all?.requests).toBe(300)
    })

    test('read the log of both to its end, each row once and in order, while both write', async () => {
      const { one, other } = open()
      const rows = 400
      const write = async (ledger: Ledger, name: string) => {
        for (let i = 0; i < rows; i += 4) {
          const id = (n: number) => ({
            table: 'requests' as const,
            row: aCharged(`${name} ${i + n}`),
          })
          await ledger.commit([id(0), id(1), id(2)])
          ledger.append([id(3)])
          await ledger.settle(`${name} ${i}`, ['reserved'], 'lost', { kind: 'lost', at: T0 + i })
        }
        await ledger.commit()
      }
      let writing = true
      const follow = async (
        next: (after: number) => Promise<{ seq: number; id: string }[]>,
      ): Promise<string[]> => {
        const seen: string[] = []
        for (let after = 0; ; ) {
          const last = !writing
          const page = await next(after)
          for (const { seq, id } of page) {
            expect(seq).toBeGreaterThan(after)
            after = seq
            seen.push(id)
          }
          if (last && page.length === 0) return seen
        }
      }
      const written = Promise.all([write(one, 'one'), write(other, 'other')]).finally(() => {
        writing = false
      })
      const [charges, requests, settlements] = await Promise.all([
        follow((after) => other.charges(after, 50)),
        follow((after) => one.requestsAfter(after, 70)),
        follow(async (after) =>
          (await other.settlements(after, 50)).map(({ seq, requestId }) => ({
            seq,
            id: requestId,
          })),
        ),
        written,
      ])
      for (const seen of [charges, requests]) {
        expect(seen).toHaveLength(2 * rows)
        expect(new Set(seen).size).toBe(2 * rows)
      }
      expect(settlements).toHaveLength(rows / 2)
      expect(new Set(settlements).size).toBe(rows / 2)
      const end = await one.position()
      expect(await other.charges(end.requests, 1)).toEqual([])
      expect(await other.settlements(end.outcomes, 1)).toEqual([])
    })
  })
}
