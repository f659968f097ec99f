import { expect, test } from 'vitest'
import { rollUp } from './roll-up.js'

/** Steps that count as many rows as they may of those that are left. */
function steps(left: number, rows: number) {
  const at: number[] = []
  let turns = 0
  let runs = true
  const spin = (): void => {
    turns++
    if (runs) setImmediate(spin)
  }
  setImmediate(spin)
  const inStep = async <T>(): Promise<T> => {
    at.push(turns)
    const counted = Math.min(rows, left)
    left -= counted
    return { rows: counted, more: left > 0 } as T
  }
  const end = (): void => {
    runs = false
  }
  return { at, inStep, end }
}

test('between two steps everybody else has a turn', async () => {
  const { at, inStep, end } = steps(100, 25)
  expect(await rollUp(inStep, { limit: 1_000, atOnce: 25, rest: 3, now: 0 })).toBe(100)
  end()
  expect(at).toHaveLength(4)
  for (let i = 1; i < at.length; i++) expect(at[i]).toBeGreaterThan((at[i - 1] ?? 0) + 1)
})

test('ends where it has counted as many as it may', async () => {
  const { at, inStep, end } = steps(1_000, 25)
  expect(await rollUp(inStep, { limit: 50, atOnce: 25, rest: 3, now: 0 })).toBe(50)
  end()
  expect(at).toHaveLength(2)
})
