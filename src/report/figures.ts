import type { Tally } from '../ledger/console-port.js'
import { conversionOf, openOf, wastedOf } from './tally.js'

/** A tally as finance and operators read it. Money in micro-USD; spend = verified + wasted + open. */
export interface Figures {
  requests: number
  challenged: number
  held: number
  denied: number
  sends: number
  verified: number
  failed: number
  /** verified share of sends, 0 to 1; `null` without sends */
  conversion: number | null
  spendMicroUsd: number
  verifiedMicroUsd: number
  wastedMicroUsd: number
  /** sent, and not decided yet */
  openMicroUsd: number
  savedMicroUsd: number
  /** what monitor mode sent against its own advice */
  wouldSaveMicroUsd: number
  refusedNumbers: number
}

export const figuresOf = (tally: Tally): Figures => ({
  requests: tally.requests,
  challenged: tally.challenged,
  held: tally.held,
  denied: tally.denied,
  sends: tally.sends,
  verified: tally.verified,
  failed: tally.failed,
  conversion: conversionOf(tally),
  spendMicroUsd: tally.spendMicroUsd,
  verifiedMicroUsd: tally.verifiedMicroUsd,
  wastedMicroUsd: wastedOf(tally),
  openMicroUsd: openOf(tally),
  savedMicroUsd: tally.savedMicroUsd,
  wouldSaveMicroUsd: tally.wouldSaveMicroUsd,
  refusedNumbers: tally.refusedNumbers,
})

/** A row of a table: what it is of, and its figures. */
export interface FiguresOf extends Figures {
  key: string
  /** e.g. the country of an operator; '' without one */
  parent: string
}

/** The same from requests one by one, which do not say what refusing them saved: that hangs on what came after. */
export type AskedMost = Omit<FiguresOf, 'savedMicroUsd' | 'wouldSaveMicroUsd' | 'refusedNumbers'>

export function withoutSaving(row: FiguresOf): AskedMost {
  const { savedMicroUsd, wouldSaveMicroUsd, refusedNumbers, ...rest } = row
  return rest
}
