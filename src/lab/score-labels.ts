import type { LabelRow } from './traffic.js'

export type Label = LabelRow['label']

/** Labels read ahead of their rows at most; files in the same order need one. */
const LOOK_AHEAD = 1_000_000

/** Joins labels with rows as both are read. @returns the label of a row; `null` where it has none */
export function createLabels(
  labels: AsyncIterable<LabelRow>,
): (id: string) => Promise<Label | null> {
  const ahead = new Map<string, Label>()
  const stream = labels[Symbol.asyncIterator]()
  return async (id) => {
    const known = ahead.get(id)
    if (known !== undefined) {
      ahead.delete(id)
      return known
    }
    while (ahead.size < LOOK_AHEAD) {
      const next = await stream.next()
      if (next.done === true) return null
      if (next.value.id === id) return next.value.label
      ahead.set(next.value.id, next.value.label)
    }
    return null
  }
}
