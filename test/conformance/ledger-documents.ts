import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY, HOUR } from '../../src/engine/units.js'
import type { Ledger } from '../../src/ledger/port.js'

const row = (id: string, changes: Record<string, unknown> = {}) => ({
  kind: 'note',
  id,
  parent: '',
  at: 1_000,
  expiresAt: null,
  body: { text: `“${id}” \u202e` },
  ...changes,
})

/** @param clock what the ledger takes for now */
export function ledgerDocuments(ledger: () => Ledger, clock: { now: number }): void {
  test('a document is kept as it is, counted up, and gone when removed', async () => {
    expect(await ledger().document('note', 'a')).toBeNull()
    expect(await ledger().putDocument(row('a'))).toBe(true)
    expect(await ledger().document('note', 'a')).toEqual({ ...row('a'), version: 1 })
    expect(await ledger().putDocument(row('a', { at: 5, body: [1, null] }))).toBe(true)
    expect(await ledger().document('note', 'a')).toEqual({
      ...row('a', { at: 5, body: [1, null] }),
      version: 2,
    })
    expect(await ledger().document('user', 'a')).toBeNull()
    expect(await ledger().removeDocument('note', 'a')).toBe(true)
    expect(await ledger().removeDocument('note', 'a')).toBe(false)
    expect(await ledger().document('note', 'a')).toBeNull()
  })

  test('lists by kind and parent, newest first, page by page', async () => {
    for (let i = 0; i < 25; i++)
      await ledger().putDocument(row(`d${i}`, { at: Math.floor(i / 3), parent: `p${i % 2}` }))
    await ledger().putDocument(row('other', { kind: 'other', at: 3 }))
    const all: string[] = []
    let before: { at: number; id: string } | undefined
    for (;;) {
      const page = await ledger().documents({ kind: 'note', limit: 4, ...(before && { before }) })
      all.push(...page.map(({ id }) => id))
      before = page.at(-1)
      if (page.length < 4) break
    }
    expect(all).toHaveLength(25)
    expect(new Set(all).size).toBe(25)
    const inOrder = await ledger().documents({ kind: 'note', limit: 100 })
    expect(inOrder.map(({ id }) => id)).toEqual(all)
    for (const [i, { at, id }] of inOrder.entries()) {
      const next = inOrder[i + 1]
      if (next !== undefined) expect(at > next.at || (at === next.at && id > next.id)).toBe(true)
    }
    const odd = await ledger().documents({ kind: 'note', parent: 'p1', from: 2, to: 5, limit: 100 })
    expect(odd.map(({ id }) => id).sort()).toEqual(['d11', 'd13', 'd7', 'd9'])
  })

  test('an expired document is nowhere, makes room for a new one, and is deleted', async () => {
    const { now } = clock
    await ledger().putDocument(row('s', { expiresAt: now + HOUR }))
    await ledger().putDocument(row('t', { expiresAt: now + HOUR }))
    expect(await ledger().putDocument(row('s'), 0)).toBe(false)
    clock.now = now + HOUR
    expect(await ledger().document('note', 's')).toBeNull()
    expect(await ledger().documents({ kind: 'note', limit: 10 })).toEqual([])
    expect(await ledger().putDocument(row('s'), 1)).toBe(false)
    expect(await ledger().removeDocument('note', 't')).toBe(false)
    expect(await ledger().putDocument(row('s', { expiresAt: clock.now + HOUR }), 0)).toBe(true)
    clock.now += HOUR
    const deleted = await ledger().retain(
      { requests: 400 * DAY, verifications: 400 * DAY },
      clock.now,
    )
    expect(deleted.documents).toBe(1)
  })

  test('of all who replace one version, exactly one does; nobody makes one twice', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { minLength: 2, maxLength: 12 }), async (expected) => {
        const id = `run${++run}`
        const won = await Promise.all(
          expected.map((version, i) => ledger().putDocument(row(id, { body: i }), version)),
        )
        for (const version of [0, 1, 2, 3])
          expect(won.filter((did, i) => did && expected[i] === version).length).toBeLessThanOrEqual(
            1,
          )
        const stands = await ledger().document('note', id)
        const winners = won.flatMap((did, i) => (did ? [i] : []))
        expect(stands?.version ?? 0).toBe(winners.length)
        // each replaced the one before it, in whatever order the store took them
        const last = winners.toSorted((a, b) => (expected[a] ?? 0) - (expected[b] ?? 0)).at(-1)
        expect(stands?.body ?? null).toBe(last ?? null)
      }),
      { seed: 20_261_121, numRuns: 40 },
    )
  })
}
