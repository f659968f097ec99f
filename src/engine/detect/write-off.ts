/**
 * Debt of a quarantined range is written off from the lines above it, or an attacker who burns block after block shuts
 * a country. Every day has a budget per operator, country and service; what exceeds it stays as debt.
 */
import { DAY, USD } from '../units.js'
import type { RangeKeys } from './events.js'

export type WriteOffLevel = 'operator' | 'country' | 'service'
/** Daily budgets, micro-USD. */
export type WriteOffLimits = Record<WriteOffLevel, number>
export interface WriteOffState {
  day: number
  /** written off today per line */
  used: Record<string, number>
}

/** Blocks' worth of opening credit a day. */
const BLOCKS: Record<WriteOffLevel, number> = { operator: 12, country: 25, service: 150 }
/** Daily fraud budget for which the block counts hold. */
const REFERENCE_BUDGET = 50 * USD

/** @param fraudBudgetMicroUsd of a day; the limits scale with it */
export const writeOffLimits = (
  blockOpeningMicroUsd: number,
  fraudBudgetMicroUsd: number,
): WriteOffLimits => {
  const unit = (blockOpeningMicroUsd * fraudBudgetMicroUsd) / REFERENCE_BUDGET
  return {
    operator: BLOCKS.operator * unit,
    country: BLOCKS.country * unit,
    service: BLOCKS.service * unit,
  }
}

export const noWriteOffs = (): WriteOffState => ({ day: 0, used: {} })

const LEVELS: readonly WriteOffLevel[] = ['operator', 'country', 'service']

const lineOf = (level: WriteOffLevel, keys: RangeKeys): string =>
  level === 'operator'
    ? `${keys.service}|o|${keys.operatorRange}`
    : level === 'country'
      ? `${keys.service}|c|${keys.country}`
      : `${keys.service}|s`

/** What may be written off from each line above the range now, and the state after it was. Changes nothing itself. */
export function writeOff(
  state: WriteOffState,
  limits: WriteOffLimits,
  keys: RangeKeys,
  amountMicroUsd: number,
  now: number,
): { allowed: WriteOffLimits; state: WriteOffState } {
  const day = Math.floor(now / DAY)
  const used = day > state.day ? {} : { ...state.used }
  const allowed: WriteOffLimits = { operator: 0, country: 0, service: 0 }
  for (const level of LEVELS) {
    const line = lineOf(level, keys)
    const spent = used[line] ?? 0
    allowed[level] = Math.max(0, Math.min(amountMicroUsd, limits[level] - spent))
    used[line] = spent + allowed[level]
  }
  return { allowed, state: { day: Math.max(day, state.day), used } }
}
