import { hash64 } from '../../engine/hash.js'
import type { EarnCap } from '../../engine/state.js'
import { tagged } from './keys.js'
import { KIND, secondsOf } from './records.js'
import type { SlotTable } from './slot-table.js'

/** What a cap still grants today. @param keySeed seed of the keys of its service */
export function roomOf(table: SlotTable, cap: EarnCap, keySeed: number): number {
  const { high, low } = hash64(cap.key, keySeed)
  const at = table.find(high, tagged(low, KIND.cap))
  return cap.max - (at < 0 ? 0 : (table.f32[at + 3] as number))
}

/** The smallest room of all caps, used up in each of them. @param claim a cap's place */
export function grant(
  table: SlotTable,
  claim: (high: number, low: number) => number,
  caps: readonly EarnCap[],
  wanted: number,
  keySeed: number,
  now: number,
): number {
  let room = wanted
  for (const cap of caps) room = Math.min(room, roomOf(table, cap, keySeed))
  if (room <= 0) return 0
  for (const cap of caps) {
    const { high, low } = hash64(cap.key, keySeed)
    const at = claim(high, low)
    table.f32[at + 3] = (table.f32[at + 3] as number) + room
    table.u32[at + 2] = secondsOf(now)
  }
  return room
}
