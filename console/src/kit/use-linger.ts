import { useLayoutEffect, useRef, useState } from 'react'

/** Longer than a second click of a double one, or a decision that was begun on what was seen. */
const LINGER_MS = 5_000

/** A row, and whether it has gone meanwhile. */
export type Lingering<Row> = Row & { gone: boolean }

/**
 * Rows that go away keep their place for some seconds, as gone: else the next one moves under the pointer that was about to
 * act on this one.
 */
export function useLinger<Row extends object>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): Lingering<Row>[] {
  const [left, setLeft] = useState<ReadonlyMap<string, Row>>(new Map())
  const before = useRef(rows)
  const timers = useRef(new Set<number>())
  // before it is painted: no frame is without them
  useLayoutEffect(() => {
    const there = new Set(rows.map(keyOf))
    const gone = before.current.filter((row) => !there.has(keyOf(row)))
    before.current = rows
    if (gone.length === 0) return
    setLeft((now) => new Map([...now, ...gone.map((row) => [keyOf(row), row] as const)]))
    const timer = window.setTimeout(() => {
      timers.current.delete(timer)
      setLeft((now) => new Map([...now].filter(([, row]) => !gone.includes(row))))
    }, LINGER_MS)
    timers.current.add(timer)
  }, [rows, keyOf])
  useLayoutEffect(() => {
    const set = timers.current
    return () => {
      for (const timer of set) window.clearTimeout(timer)
    }
  }, [])
  const there = new Set(rows.map(keyOf))
  return [
    ...rows.map((row) => ({ ...row, gone: false })),
    ...[...left.values()]
      .filter((row) => !there.has(keyOf(row)))
      .map((row) => ({ ...row, gone: true })),
  ]
}
