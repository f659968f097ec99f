import { DESTINATIONS, type MeasureAction, type Target } from '../../engine/measures.js'
import { HOUR } from '../../engine/units.js'
import { CONVERTED, type RequestRow, WENT_OUT } from '../../ledger/rows.js'

/** What a measure would have done to requests that really were made. */
export interface Effect {
  requests: number
  /** refused, or asked for a challenge or a review first, that were not so already */
  stopped: number
  /** of those: the code came back. People */
  verified: number
  /** of those: went out and did not come back. What the measure would have saved, micro-USD */
  savedMicroUsd: number
  /** requests that would have passed where they were stopped: an allow */
  freed: number
  /** stopped already, by whatever else */
  stoppedAlready: number
}

const FREE_PASS: readonly string[] = ['list.allowed', 'playbook.allowed']

/** The same who passes as in the engine's rule: a blocked source and a pause know nobody. */
const isExempt = (row: RequestRow, target: Target, action: MeasureAction): boolean => {
  if (action === 'pause' || (action === 'block' && !DESTINATIONS.has(target.kind))) return false
  return row.knownGood || row.reasons.some(({ code }) => FREE_PASS.includes(code))
}

const isMoney = (row: RequestRow): boolean => WENT_OUT.includes(row.credit)

/**
 * @param rows requests of the target, oldest first
 * @param limit messages an hour, of a throttle
 */
export function effectOf(
  rows: readonly RequestRow[],
  { target, action, limit }: { target: Target; action: MeasureAction; limit: number | null },
): Effect {
  const effect: Effect = {
    requests: rows.length,
    stopped: 0,
    verified: 0,
    savedMicroUsd: 0,
    freed: 0,
    stoppedAlready: 0,
  }
  const passed: number[] = []
  for (const row of rows) {
    const stoppedAlready = row.would !== 'allow' && !isMoney(row)
    if (stoppedAlready) {
      effect.stoppedAlready++
      if (action === 'allow') effect.freed++
      continue
    }
    if (action === 'allow') continue
    const exempt = isExempt(row, target, action)
    if (action === 'throttle') {
      while ((passed[0] ?? row.at) < row.at - HOUR) passed.shift()
      if (exempt || passed.length < (limit ?? 0)) {
        passed.push(row.at)
        continue
      }
    } else if (exempt) continue
    effect.stopped++
    if (CONVERTED.includes(row.credit)) effect.verified++
    else if (isMoney(row)) effect.savedMicroUsd += row.priceMicroUsd
  }
  return effect
}
