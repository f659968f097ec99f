/** The narrowest set of ranges that explains a loss: what an operator is told to look at, and a carrier to stop. */
import type { RangeLevel } from './change.js'

/** A child, or siblings together, that carry this share of a range's excess stand for it. */
const STANDS_FOR = 0.9
/** Of a crowd's excess: its blocks hold nearly all of it by definition, the rest is their first messages. */
const STANDS_FOR_CROWD = 0.5
/** Sessions in one sub-block before it stands for its block: by chance 1 in 10^3 of an attack all over the block. */
const SUB_BLOCK_SESSIONS = 4
/** Two unverified sessions of a day may be anybody's: beside an attack a block counts if it was busy, or if it
 * speaks for itself. */
const SIBLING_EVIDENCE = 2
const OWN_EVIDENCE = 6
/** An operator beside others carries this share of its country's excess. */
const SIBLING_OPERATOR = 0.1
/** A country beside others carries this share of the excess of all outside the markets. */
const SIBLING_COUNTRY = 0.1

export interface Suspect {
  node: number
  level: RangeLevel | 'crowd'
  service: string
  /** '' where it spans all */
  country: string
  operatorRange: string
  block: string
  key: string
  /** outside the markets */
  abroad: boolean
  onset: number
  /** last time anything happened on it */
  lastAt: number
  /** of its own test, nats */
  llr: number
  /** had far more requests in its run than usual */
  busy: boolean
  sessions: number
  verified: number
  /** sessions that nobody verified beyond what is usual: (N p - S) / p */
  excess: number
  /**
   * a block or sub-block that an incident names: ranges wider than blocks have not heard of it since (`isNamed`), so that it
   * explains nothing of theirs. Of an operator or country that one names they do hear
   */
  named: boolean
}

const under = (child: Suspect, parent: Suspect): boolean =>
  child.service === parent.service &&
  (parent.country === '' ||
    (parent.level === 'abroad' ? child.abroad : child.country === parent.country)) &&
  (parent.operatorRange === '' || child.operatorRange === parent.operatorRange) &&
  (parent.block === '' || child.block === parent.block) &&
  child.lastAt >= parent.onset

const sum = (suspects: readonly Suspect[]): number =>
  suspects.reduce((total, s) => total + s.excess, 0)

/** The largest of them that explain an excess: the rest is people. */
function largest(suspects: readonly Suspect[], excess: number): Suspect[] {
  const sorted = [...suspects].sort((a, b) => b.excess - a.excess)
  let explained = 0
  return sorted.filter((s) => {
    if (explained >= excess) return false
    explained += s.excess
    return true
  })
}

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
  const below = suspects.filter(
    (s) =>
      s.llr >= SIBLING_EVIDENCE &&
      under(s, flagged) &&
      !s.named &&
      !(s.level === 'block' && narrowBlock(s, suspects).named),
  )
  const needed = (crowd ? STANDS_FOR_CROWD : STANDS_FOR) * flagged.excess
  const blocks = largest(
    below.filter((s) => s.level === 'block' && (s.busy || s.llr >= OWN_EVIDENCE)),
    flagged.excess,
  )
  if (blocks.length > 0 && sum(blocks) >= needed)
    return blocks.map((block) => narrowBlock(block, suspects))
  if (crowd) return []
  const operators = below.filter(
    (s) => s.level === 'operator' && s.excess >= SIBLING_OPERATOR * flagged.excess,
  )
  if (flagged.level === 'country' && operators.length > 0 && sum(operators) >= needed)
    return operators.flatMap((operator) => narrowest(operator, suspects))
  const countries = below.filter(
    (s) => s.level === 'country' && s.excess >= SIBLING_COUNTRY * flagged.excess,
  )
  if (flagged.level === 'abroad' && countries.length > 0 && sum(countries) >= needed)
    return countries.flatMap((country) => narrowest(country, suspects))
  return [flagged]
}
