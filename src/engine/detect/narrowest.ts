/** The narrowest set of ranges that explains a loss: what an operator is told to look at, and a carrier to stop. */
import { MINUTE } from '../units.js'
import type { RangeLevel } from './change.js'

/** A child, or siblings together, that carry this share of a range's excess stand for it. */
const STANDS_FOR = 0.9
/** Of a crowd's excess: its blocks hold nearly all of it by definition, the rest is their first messages. */
const STANDS_FOR_CROWD = 0.5
/** Sessions in one sub-block before it stands for its block: by chance 1 in 10^3 of an attack all over the block. */
const SUB_BLOCK_SESSIONS = 4
/** Ranges of one attack begin with it. */
const TOGETHER_MS = 10 * MINUTE

export interface Suspect {
  node: number
  level: RangeLevel | 'crowd'
  service: string
  /** '' where it spans all */
  country: string
  operatorRange: string
  block: string
  key: string
  onset: number
  sessions: number
  verified: number
  /** sessions that nobody verified beyond what is usual: (N p - S) / p */
  excess: number
}

const under = (child: Suspect, parent: Suspect): boolean =>
  child.service === parent.service &&
  (parent.country === '' || child.country === parent.country) &&
  (parent.operatorRange === '' || child.operatorRange === parent.operatorRange) &&
  (parent.block === '' || child.block === parent.block) &&
  child.onset >= parent.onset - TOGETHER_MS

const sum = (suspects: readonly Suspect[]): number =>
  suspects.reduce((total, s) => total + s.excess, 0)

function narrowBlock(block: Suspect, suspects: readonly Suspect[]): Suspect {
  const child = suspects.find(
    (s) =>
      s.level === 'subBlock' &&
      under(s, block) &&
      s.sessions >= SUB_BLOCK_SESSIONS &&
      s.excess >= STANDS_FOR * block.excess,
  )
  return child ?? block
}

/**
 * @param flagged a range that the test flagged
 * @param suspects ranges with evidence of their own, among which it may find what stands for it
 * @returns nothing for a crowd whose blocks have not matured yet
 */
export function narrowest(flagged: Suspect, suspects: readonly Suspect[]): Suspect[] {
  if (flagged.level === 'subBlock') return [flagged]
  if (flagged.level === 'block') return [narrowBlock(flagged, suspects)]
  const crowd = flagged.level === 'crowd'
  const below = suspects.filter((s) => s.excess >= 1 && under(s, flagged))
  const needed = (crowd ? STANDS_FOR_CROWD : STANDS_FOR) * flagged.excess
  const blocks = below.filter((s) => s.level === 'block')
  if (blocks.length > 0 && sum(blocks) >= needed)
    return blocks.map((block) => narrowBlock(block, suspects))
  if (crowd) return []
  const operators = below.filter((s) => s.level === 'operator' && s.node !== flagged.node)
  if (flagged.level === 'country' && operators.length > 0 && sum(operators) >= needed)
    return operators.flatMap((operator) => narrowest(operator, suspects))
  return [flagged]
}
