import { describe, expect, it } from 'vitest'
import { aRequest, T0 } from '../../../test/conformance/ledger-rows.js'
import { HOUR } from '../../engine/units.js'
import { memoryLedger } from '../../ledger/memory/memory.js'
import { countRows, newest, readRows } from './read-rows.js'

/** A quiet day, a burst of thousands in one second, and a quiet hour: slices have to be cut and to grow again. */
function ledgerOf(burst: number) {
  const ledger = memoryLedger({ numbers: 'clear' })
  const times = [
    ...Array.from({ length: 50 }, (_, i) => T0 + i * 10 * 60_000),
    ...Array.from({ length: burst }, (_, i) => T0 + 20 * HOUR + Math.floor(i / 4)),
    ...Array.from({ length: 20 }, (_, i) => T0 + 22 * HOUR + i * 60_000),
  ]
  for (const [i, at] of times.entries())
    ledger.append([
      {
        table: 'requests',
        row: aRequest(`dec_${String(i).padStart(5, '0')}`, {
          at,
          block: `+234803${String(i % 97).padStart(2, '0')}`,
        }),
      },
    ])
  return {
    ledger,
    ids: times.map((_, i) => `dec_${String(i).padStart(5, '0')}`),
    last: times.at(-1) ?? 0,
  }
}

async function read(...args: Parameters<typeof readRows>) {
  const rows = []
  for await (const batch of readRows(...args)) {
    expect(batch.length).toBeLessThanOrEqual(200)
    rows.push(...batch)
  }
  return rows
}

describe('rows of a time', () => {
  it('come once each, oldest first, however many fall into a moment', async () => {
    const { ledger, ids, last } = ledgerOf(6_000)
    const rows = await read(ledger, { from: T0, to: last + 1 }, 1)
    expect(rows.map(({ id }) => id)).toEqual(ids)
    expect(await countRows(ledger, { from: T0, to: last + 1 })).toBe(ids.length)
    const part = await read(ledger, { from: T0 + HOUR, to: last }, 1)
    expect(part.map(({ id }) => id)).toEqual(ids.slice(6, -1))
  })

  it('are sampled by whole blocks', async () => {
    const { ledger, last } = ledgerOf(2_000)
    const all = await read(ledger, { from: T0, to: last + 1 }, 1)
    const some = await read(ledger, { from: T0, to: last + 1 }, 0.3)
    const blocks = new Set(some.map(({ block }) => block))
    expect(some).toEqual(all.filter(({ block }) => blocks.has(block)))
    expect(some.length).toBeGreaterThan(0.15 * all.length)
    expect(some.length).toBeLessThan(0.45 * all.length)
  })

  it('are the newest ones, where only so many are wanted', async () => {
    const { ledger, ids } = ledgerOf(1_500)
    const rows = await newest(ledger, T0, 1_200)
    expect(rows.map(({ id }) => id)).toEqual(ids.slice(-1_200))
    expect(await newest(ledger, T0 + 50 * HOUR, 10)).toEqual([])
    expect(await countRows(ledger, { from: T0 + 50 * HOUR, to: T0 + 60 * HOUR })).toBe(0)
  })
})
