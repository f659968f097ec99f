import { DAY } from '../../engine/units.js'
import type { MessageLog } from '../message-log.js'
import type { Total } from './intake.js'
import type { Skips } from './skips.js'

/** Strays are this share of a log at most, and lie so far from it at least. */
const FEW = 0.001
const FAR_DAYS = 30

/**
 * Leaves out the few messages that lie further from all others than those last: a clock that was never set. They would
 * stretch what is usual over years in which there was nothing.
 */
export function leaveOutStrays(log: MessageLog, kept: Total, skips: Skips): Total {
  const { at, priceMicro } = log.columns
  const dayOf = (row: number): number => Math.floor((at[row] as number) / DAY)
  const counts = new Map<number, number>()
  for (let row = 0; row < log.size; row++) counts.set(dayOf(row), (counts.get(dayOf(row)) ?? 0) + 1)
  const days = [...counts.keys()].sort((a, b) => a - b)
  const early = straysIn(days, counts, log.size)
  const rest = days.slice(early)
  const late = straysIn([...rest].reverse(), counts, log.size)
  const first = rest[0] as number
  const last = rest[rest.length - 1 - late] as number
  if (early + late === 0) return kept
  const total = { ...kept }
  log.retain((row) => {
    const day = dayOf(row)
    if (day >= first && day <= last) return true
    const micro = priceMicro[row] as number
    total.rows--
    if (Number.isNaN(micro)) total.unpriced--
    else total.micro -= micro
    const seen = new Date(at[row] as number).toISOString()
    skips.note('stray_time', () => `${seen}: far from all other messages`)
    return false
  })
  return total
}

/** How many of the days, from the first on, are strays. @param days away from the rest, in order */
function straysIn(
  days: readonly number[],
  counts: ReadonlyMap<number, number>,
  size: number,
): number {
  const last = days.at(-1) as number
  let rows = 0
  let strays = 0
  for (let i = 0; i + 1 < days.length; i++) {
    const next = days[i + 1] as number
    rows += counts.get(days[i] as number) as number
    if (rows > FEW * size) break
    const gap = Math.abs(next - (days[i] as number))
    if (gap >= FAR_DAYS && gap > Math.abs(last - next)) strays = i + 1
  }
  return strays
}
