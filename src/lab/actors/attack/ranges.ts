import type { Random } from '../../random.js'
import type { World } from '../../world/world.js'

/** Where an attacker has numbers. */
export type Target =
  /** one block by name: E.164 without the last four digits */
  | { kind: 'block'; country: string; block: string }
  /** so many blocks of a country, whichever he could rent */
  | { kind: 'blocks'; country: string; count: number }
  /** whole ranges of an operator that is in on it: prefixes and the digits from there to the block */
  | { kind: 'operator'; country: string; prefixes: readonly string[]; digits: number }
  /** numbers spread over the country as its subscribers are: nothing of the destination gives him away */
  | { kind: 'subscribers'; country: string }

/** A place to send to: a block, or (`null`) anywhere in the country. */
export interface Range {
  country: string
  block: string | null
}

/** Blocks drawn of an operator's ranges: more than any attack here can use up. */
const OPERATOR_BLOCKS = 1_000

function operatorBlocks(prefixes: readonly string[], digits: number, random: Random): string[] {
  const size = 10 ** digits
  const most = prefixes.length * size
  if (most <= OPERATOR_BLOCKS)
    return prefixes.flatMap((prefix) =>
      Array.from({ length: size }, (_, i) => prefix + String(i).padStart(digits, '0')),
    )
  const blocks = new Set<string>()
  while (blocks.size < OPERATOR_BLOCKS)
    blocks.add(random.pick(prefixes) + String(random.below(size)).padStart(digits, '0'))
  return [...blocks]
}

function blocksOf(target: Target, world: World, random: Random): (string | null)[] {
  switch (target.kind) {
    case 'block':
      return [target.block]
    case 'blocks':
      return world.blocks(target.country, target.count, random)
    case 'operator':
      return operatorBlocks(target.prefixes, target.digits, random)
    case 'subscribers':
      return [null]
  }
}

/** Ranges of all targets, those of different targets taken in turn: a rotation does not stay in one country. */
export function openRanges(targets: readonly Target[], world: World, random: Random): Range[] {
  const lists = targets.map((target) =>
    blocksOf(target, world, random).map((block): Range => ({ country: target.country, block })),
  )
  const longest = Math.max(0, ...lists.map((list) => list.length))
  return Array.from({ length: longest }, (_, i) =>
    lists.flatMap((list) => list.slice(i, i + 1)),
  ).flat()
}
