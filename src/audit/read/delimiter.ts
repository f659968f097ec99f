import { Buffer } from 'node:buffer'

const CANDIDATES = [',', ';', '\t', '|'].map((mark) => mark.charCodeAt(0))
const QUOTE = 34
const LF = 10
const CR = 13
const LINES = 50

export interface Dialect {
  delimiter: number
  newline: number
}

/**
 * Which mark separates the fields: the one found equally often in most of the first lines, and of several the one that
 * makes most columns. Marks inside quotes do not count.
 */
export function sniffDialect(head: Uint8Array): Dialect {
  const newline = Buffer.from(head.buffer, head.byteOffset, head.length).includes(LF) ? LF : CR
  const counts = CANDIDATES.map(() => [0])
  let quoted = false
  let lines = 0
  for (let i = 0; i < head.length && lines < LINES; i++) {
    const byte = head[i]
    if (byte === QUOTE) quoted = !quoted
    else if (quoted) continue
    else if (byte === newline) {
      lines++
      for (const count of counts) count.push(0)
    } else {
      const candidate = CANDIDATES.indexOf(byte as number)
      const count = counts[candidate]
      if (count !== undefined) count[count.length - 1] = (count.at(-1) ?? 0) + 1
    }
  }
  let delimiter = CANDIDATES[0] as number
  let best = 0
  CANDIDATES.forEach((candidate, i) => {
    // the last line may be cut
    const perLine = (counts[i] ?? []).slice(0, Math.max(1, lines)).filter((count) => count > 0)
    const common = modeOf(perLine)
    const score = common.times * Math.log2(1 + common.value)
    if (score > best) {
      best = score
      delimiter = candidate
    }
  })
  return { delimiter, newline }
}

function modeOf(values: readonly number[]): { value: number; times: number } {
  const times = new Map<number, number>()
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1)
  let best = { value: 0, times: 0 }
  for (const [value, count] of times)
    if (count > best.times || (count === best.times && value > best.value))
      best = { value, times: count }
  return best
}

export const delimiterName = (delimiter: number): string =>
  ({ 44: 'commas', 59: 'semicolons', 9: 'tabs', 124: 'vertical bars' })[delimiter] ??
  String.fromCharCode(delimiter)
