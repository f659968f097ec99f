import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Append, Ledger } from '../../src/ledger/port.js'
import type { Credit, OutcomeKind } from '../../src/ledger/rows.js'
import { aCharged, aRequest, aVerification, T0 } from './ledger-rows.js'

const SEED = 20_261_121

/** What has to hold whatever order concurrent callers come in. @param ledger the one of the running test */
export function ledgerProperties(ledger: () => Ledger): void {
  /** Each run of a property works on records of its own in the same ledger. */
  let run = 0
  const fresh = () => `run-${++run}`

  test('of all who settle one request at once, each step is taken by exactly one', async () => {
    const move = fc.constantFrom<[Credit[], Credit, OutcomeKind]>(
      [['reserved'], 'lost', 'lost'],
      [['reserved'], 'earned', 'verified'],
      [['reserved', 'lost'], 'earned', 'verified'],
      [['reserved'], 'failed', 'failed'],
      [['reserved'], 'released', 'released'],
    )
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 2, maxLength: 8 }), async (moves) => {
        const id = fresh()
        ledger().append([{ table: 'requests', row: aCharged(id) }])
        const results = await Promise.all(
          moves.map(([from, to, kind], i) => ledger().settle(id, from, to, { kind, at: T0 + i })),
        )
        const won = results.filter((result) => result !== null)
        expect(won.filter((result) => result.before === 'reserved')).toHaveLength(1)
        // The steps taken form one chain from 'reserved' to the credit that stands, and are what was recorded.
        const chain = await ledger().outcomesOf(id)
        expect(chain).toHaveLength(won.length)
        let credit: Credit = 'reserved'
        for (const step of chain) {
          expect(step.from).toBe(credit)
          credit = step.to
        }
        expect((await ledger().request(id))?.credit).toBe(credit)
      }),
      { seed: SEED, numRuns: 40 },
    )
  })

  test('of all who update one version of a verification, exactly one does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(2), { minLength: 2, maxLength: 12 }), async (versions) => {
        const id = fresh()
        ledger().append([{ table: 'verifications', row: aVerification(id) }])
        const results = await Promise.all(
          versions.map((version, i) => ledger().updateVerification(id, version, { checks: i })),
        )
        for (const version of [0, 1, 2]) {
          const winners = results.filter((won, i) => won && versions[i] === version)
          expect(winners.length).toBeLessThanOrEqual(1)
        }
        const winners = results.flatMap((won, i) => (won ? [i] : []))
        const stored = await ledger().verification(id)
        expect(stored?.version).toBe(winners.length)
        expect(winners.length === 0 || winners.includes(stored?.checks ?? -1)).toBe(true)
        if (versions.includes(0)) expect(winners.length).toBeGreaterThan(0)
      }),
      { seed: SEED, numRuns: 40 },
    )
  })

  test('of all who claim one key at once, the first gets it and the others its value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 10 }), async (callers) => {
        const key = fresh()
        const results = await Promise.all(
          Array.from({ length: callers }, (_, i) =>
            ledger().putIfAbsent('challenge', key, `caller ${i}`, T0 + 1, T0),
          ),
        )
        const winner = results.indexOf(null)
        expect(results.filter((result) => result === null)).toHaveLength(1)
        expect(new Set(results.filter((result) => result !== null))).toEqual(
          new Set([`caller ${winner}`]),
        )
      }),
      { seed: SEED, numRuns: 40 },
    )
  })

  test('a read sees every row appended before it, however appends, commits and reads interleave', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('append' as const), rows: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ do: fc.constant('commit' as const), rows: fc.integer({ min: 0, max: 40 }) }),
      fc.record({ do: fc.constant('read' as const), rows: fc.constant(0) }),
      fc.record({ do: fc.constant('pause' as const), rows: fc.constant(0) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
        const service = fresh()
        let written = 0
        const rows = (count: number): Append[] =>
          Array.from({ length: count }, () => {
            written++
            return {
              table: 'requests',
              row: aRequest(`${service}-${written}`, { service, at: T0 + written }),
            }
          })
        const newest = async () => {
          const expected = written
          const [found] = await ledger().requests({ service, limit: 1 })
          expect(found?.id).toBe(expected === 0 ? undefined : `${service}-${expected}`)
        }
        const running: Promise<void>[] = []
        for (const each of steps) {
          if (each.do === 'append') ledger().append(rows(each.rows))
          if (each.do === 'commit') running.push(ledger().commit(rows(each.rows)))
          if (each.do === 'read') await newest()
          if (each.do === 'pause') await new Promise((resolve) => setImmediate(resolve))
        }
        await Promise.all(running)
        await newest()
        expect(await ledger().requests({ service, limit: 10_000 })).toHaveLength(written)
      }),
      { seed: SEED, numRuns: 40 },
    )
  })
}
