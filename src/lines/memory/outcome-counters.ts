import { hash64 } from '../../engine/hash.js'
import { LINES } from '../../engine/policy.js'
import type { Move, SendOutcome } from '../../engine/state.js'
import { subjectSeed, tagged } from './keys.js'
import { RANGES, SOURCES } from './layout.js'
import { countRates, countTail } from './range-counters.js'
import { KIND, lineKind } from './records.js'
import type { SlotTable } from './slot-table.js'
import { countSourceDelay } from './source-counters.js'

/** More than one message of a number is still owed: its code was sent again. */
const RESENT_FROM = 1.5

/**
 * Whether the session of an outcome was sent to more than once.
 * @param owed by its number after the moves, which have taken a late one's own loss back already
 */
export const wasResent = ({ what }: SendOutcome, owed: number): boolean =>
  owed > (what === 'late' ? RESENT_FROM - 1 : RESENT_FROM)

interface Tables {
  narrow: SlotTable
  counters: SlotTable
}

/** What became of a session's first send, on the counters of its ranges and sources. After its moves. */
export function countOutcome(
  { narrow, counters }: Tables,
  moves: readonly Move[],
  outcome: SendOutcome,
  keySeed: number,
  now: number,
): void {
  let resent = false
  for (const { line, key } of moves) {
    if (line !== 'number') continue
    const at = findLine(narrow, LINES.indexOf(line), key, keySeed)
    resent =
      at >= 0 && wasResent(outcome, (narrow.f32[at + 4] as number) + (narrow.f32[at + 7] as number))
  }
  for (const { line, key, earned } of moves) {
    const range = (RANGES as readonly string[]).indexOf(line)
    const source = (SOURCES as readonly string[]).indexOf(line)
    if (range < 0 && source < 0) continue
    const i = LINES.indexOf(line)
    const { high, low } = hash64(key, subjectSeed(keySeed, i))
    if (range >= 0) {
      const rates = counters.find(high, tagged(low, KIND.range))
      if (rates >= 0) countRates(counters, rates, range === 0, outcome, resent, now)
      const tail = counters.find(high, tagged(low, KIND.tail))
      if (tail >= 0) countTail(counters, tail, range === 0, outcome, now)
    } else if (outcome.delayMs > 0) {
      const line_ = narrow.find(high, tagged(low, lineKind(i)))
      // the moves have added this one already
      const verified = line_ < 0 ? 0 : Math.max(0, (narrow.f32[line_ + 5] as number) - earned)
      const slot = narrow.find(high, tagged(low, KIND.source))
      if (slot >= 0) countSourceDelay(narrow, slot, outcome.delayMs, verified)
    }
  }
}

function findLine(table: SlotTable, i: number, key: string, keySeed: number): number {
  const { high, low } = hash64(key, subjectSeed(keySeed, i))
  return table.find(high, tagged(low, lineKind(i)))
}
