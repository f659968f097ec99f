import type { Skipped } from '../audit-result.js'

const EXAMPLES = 3

/** Counts rows that are not used, with the first of each kind. */
export function createSkips() {
  const counts = new Map<string, Skipped>()
  return {
    /** @param example file, line and what was seen, numbers masked; asked for only while it is needed */
    note(why: string, example: () => string, rows = 1): void {
      let entry = counts.get(why)
      if (entry === undefined) {
        entry = { why, rows: 0, examples: [] }
        counts.set(why, entry)
      }
      entry.rows += rows
      if (entry.examples.length < EXAMPLES) entry.examples.push(example())
    },
    rowsOf: (why: string): number => counts.get(why)?.rows ?? 0,
    /** most rows first */
    all: (): Skipped[] => [...counts.values()].sort((a, b) => b.rows - a.rows),
  }
}

export type Skips = ReturnType<typeof createSkips>
