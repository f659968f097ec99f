import { hash64 } from '../../engine/hash.js'
import type { Cells } from './records.js'
import { NUMBER_SOURCES, secondsOf } from './records.js'

/** Numbers that verified, and what they verified from: the memory behind the known-good path. */

/** 32-bit hashes of device and account keys; 0 is kept for "none". */
export const sourceHashes = (sources: readonly string[], seed: number): number[] =>
  sources.filter((s) => s !== '').map((s) => hash64(s, seed).high || 1)

export function sourcesKnown(table: Cells, at: number, sources: readonly number[]): boolean {
  for (const source of sources) {
    for (let k = 0; k < NUMBER_SOURCES; k++) if (table.u32[at + 4 + k] === source) return true
  }
  return false
}

/** The newest source comes first; the oldest of three is forgotten. */
export function rememberVerified(
  table: Cells,
  at: number,
  sources: readonly number[],
  now: number,
): void {
  const { u32 } = table
  u32[at + 2] = Math.max(u32[at + 2] as number, secondsOf(now))
  for (const source of sources) {
    let k = 0
    while (k < NUMBER_SOURCES - 1 && u32[at + 4 + k] !== source) k++
    for (; k > 0; k--) u32[at + 4 + k] = u32[at + 3 + k] as number
    u32[at + 4] = source
  }
}
