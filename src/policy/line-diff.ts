export interface DiffLine {
  kind: 'same' | 'added' | 'removed'
  text: string
  /** 1-based, in the text that has it: the new one, or the old one for what was removed */
  line: number
}

/** Longest common subsequences are looked for up to this many cells; beyond, all of it counts as changed. */
const MAX_CELLS = 4_000_000

/** What changes line by line. Lines that both ends share are set aside first: an edit is usually in one place. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end))
    end++
  const same = (text: string, at: number): DiffLine => ({ kind: 'same', text, line: at + 1 })
  return [
    ...b.slice(0, start).map(same),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end), start),
    ...b.slice(b.length - end).map((text, i) => same(text, b.length - end + i)),
  ]
}

function middle(a: readonly string[], b: readonly string[], offset: number): DiffLine[] {
  const removed = (i: number): DiffLine => ({
    kind: 'removed',
    text: a[i] ?? '',
    line: offset + i + 1,
  })
  const added = (j: number): DiffLine => ({ kind: 'added', text: b[j] ?? '', line: offset + j + 1 })
  const width = b.length + 1
  if (a.length * b.length > MAX_CELLS)
    return [...a.map((_, i) => removed(i)), ...b.map((_, j) => added(j))]
  // common[i * width + j]: longest common subsequence of a from i and b from j
  const common = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j]
          ? (common[(i + 1) * width + j + 1] as number) + 1
          : Math.max(common[(i + 1) * width + j] as number, common[i * width + j + 1] as number)
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: b[j] ?? '', line: offset + j + 1 })
      i++
      j++
    } else if (
      i < a.length &&
      (j >= b.length ||
        (common[(i + 1) * width + j] as number) >= (common[i * width + j + 1] as number))
    )
      lines.push(removed(i++))
    else lines.push(added(j++))
  }
  return lines
}
