import type { Random } from '../../random.js'
import type { World } from '../../world/world.js'
import { openRanges, type Range, type Target } from './ranges.js'

/** When the attacker goes on to the next of his ranges: after so many messages, or after so long. */
export type Rotation = ({ everyMessages: number } | { everyMs: number }) & {
  /** ranges in use at one time @default 1 */
  width?: number
}

/** Whom the codes go to. */
export interface Destinations {
  targets: readonly Target[]
  /** absent: all ranges at once, each message to any of them */
  rotate?: Rotation
  /** numbers within a block: any, one after the other, or every so-many-th @default random */
  numbers?: 'random' | 'sequential' | { stride: number }
  /** each number is asked for so often, that far apart: under the limit of a number */
  repeats?: Repeats
}

export interface Repeats {
  /** requests for one number in all */
  times: number
  gapMs: number
  /** presses "send again" on the same page; otherwise every request comes from somebody else */
  sameSession: boolean
}

export interface Destination {
  to: string
  range: Range
}

/** Numbers of a block. */
const BLOCK_SIZE = 10_000

/** Chooses ranges and numbers. Ranges that the attacker gives up are no longer chosen. */
export function createDestinations(data: Destinations, world: World, random: Random) {
  const { numbers = 'random' } = data
  const all = openRanges(data.targets, world, random)
  const counts = new Map<Range, number>()
  let live = [...all]
  let first = 0
  let taken = 0
  let movedAt = Number.NEGATIVE_INFINITY

  function rangeAt(now: number, rotation: Rotation | undefined): Range | undefined {
    if (rotation === undefined) return live[random.below(live.length)]
    const { width = 1 } = rotation
    if (movedAt === Number.NEGATIVE_INFINITY) movedAt = now
    const due =
      'everyMs' in rotation ? now - movedAt >= rotation.everyMs : taken >= rotation.everyMessages
    if (due) {
      first += width
      taken = 0
      movedAt = now
    }
    taken++
    const offset = width === 1 ? 0 : random.below(width)
    return live[(first + offset) % live.length]
  }

  function numberOf(range: Range): string {
    if (range.block === null) return world.number(range.country, random)
    if (numbers === 'random') return world.numberIn(range.block, random)
    const nth = counts.get(range) ?? 0
    counts.set(range, nth + 1)
    const step = numbers === 'sequential' ? 1 : numbers.stride
    return world.numberIn(range.block, random, (nth * step) % BLOCK_SIZE)
  }

  return {
    live: (): readonly Range[] => live,
    isLive: (range: Range): boolean => live.includes(range),
    /** `null` when there is no range left */
    next(now: number, rotation: Rotation | undefined = data.rotate): Destination | null {
      const range = rangeAt(now, rotation)
      return range === undefined ? null : { to: numberOf(range), range }
    },
    giveUp(gone: (range: Range) => boolean): void {
      const kept = live.filter((range) => !gone(range))
      // What comes after the ranges given up moves into their place.
      const before = live.slice(0, first % Math.max(1, live.length)).filter(gone).length
      first = (first % Math.max(1, live.length)) - before
      taken = 0
      live = kept
    },
    /** Forgets what was given up. */
    startOver(): void {
      live = [...all]
      first = 0
      taken = 0
    },
  }
}
