import type { CompiledService } from './compile.js'
import type { LineName } from './policy.js'
import { sourcesProven } from './signals/source-proven.js'
import type { EarnCap, Move } from './state.js'
import { DAY } from './units.js'

/** Where a charge can stand. Every outcome is a step between two of these. */
export type CreditState =
  | 'none'
  | 'reserved'
  | 'earned'
  | 'activated'
  | 'lost'
  | 'failed'
  | 'released'

/** A charge as it was made: the keys of the send, whatever IP checks the code later. */
export interface Charged {
  lines: readonly { line: LineName; key: string; cost: number }[]
  sources: readonly string[]
  opensSession: boolean
  /** price of the message, micro-USD */
  unitMicroUsd: number
  /** what was there when its session was opened */
  seen: { present: readonly string[] } | null
}

/** Signals that vouch for a send: its source has verified before. A subnet is shared with too many strangers. */
const VOUCHERS: ReadonlySet<string> = new Set(
  sourcesProven.map(({ code }) => code).filter((code) => code !== 'subnet.proven'),
)

/** Lines that a session's first send is charged on for all of them. */
const RANGES: ReadonlySet<LineName> = new Set(['subBlock', 'block', 'operator'])
const NARROW_RANGES: ReadonlySet<LineName> = new Set(['subBlock', 'block'])
/** An address or subnet may earn for so many devices: an office that enrols its phones in a day has one of each. */
const DEVICES_PER_ADDRESS = 10
/** Sources whose verifications a narrow range counts, each up to so many times `earning.perSourceDaily`. */
const EARNING_SOURCES: ReadonlyMap<LineName, number> = new Map([
  ['ip', DEVICES_PER_ADDRESS],
  ['subnet', DEVICES_PER_ADDRESS],
  ['device', 1],
  ['account', 1],
])

/** In which states a send earns. */
interface Earns {
  verified: boolean
  activated: boolean
}

interface Share {
  reserved: number
  earned: number
  lost: number
}

/**
 * What a charge contributes to one line in a state. A failed receipt counts as lost on narrow lines only: an attack
 * on dead numbers stops itself while a provider outage does not shut a country. Only the first send of a session
 * earns: conversion counts sessions, never resends. Where lines earn on activation, a verified code only repays.
 */
function share(state: CreditState, cost: number, narrow: boolean, earns: Earns): Share {
  switch (state) {
    case 'reserved':
      return { reserved: cost, earned: 0, lost: 0 }
    case 'earned':
      return { reserved: 0, earned: earns.verified ? cost : 0, lost: 0 }
    case 'activated':
      return { reserved: 0, earned: earns.activated ? cost : 0, lost: 0 }
    case 'lost':
      return { reserved: 0, earned: 0, lost: cost }
    case 'failed':
      return { reserved: 0, earned: 0, lost: narrow ? cost : 0 }
    default:
      return { reserved: 0, earned: 0, lost: 0 }
  }
}

/**
 * The moves that take a charge from one state to another.
 * @param since when it came to `from`, Unix ms
 * @param meanPerBlock the country's mean sends per active block and day, for the earning cap by density
 */
export function movesOf(
  charge: Charged,
  from: CreditState,
  to: CreditState,
  service: CompiledService,
  options: { since: number; now: number; meanPerBlock: number },
): Move[] {
  const { earning, lines } = service.policy
  const day = Math.floor(options.now / DAY)
  const dailyMax = Math.max(
    earning.microUsdDaily,
    earning.sendsDaily * charge.unitMicroUsd,
    earning.timesCountryMean * options.meanPerBlock * charge.unitMicroUsd,
  )
  const earns: Earns = {
    verified: charge.opensSession && !earning.onActivation,
    activated: charge.opensSession,
  }
  const sources = charge.lines.filter((l) => EARNING_SOURCES.has(l.line))
  // a range that strangers verify beyond what it can plausibly bring is somebody's own: nothing repays the rest
  const vouched = charge.seen?.present.some((code) => VOUCHERS.has(code)) ?? true
  return charge.lines.map(({ line, key, cost }) => {
    const narrow = lines[line].narrow
    const before = share(from, cost, narrow, earns)
    const after = share(to, cost, narrow, earns)
    const caps: EarnCap[] =
      after.earned > 0 && NARROW_RANGES.has(line)
        ? [
            { key: `${key}|${day}`, max: dailyMax },
            ...sources.map((s) => ({
              key: `${key}|${s.line}:${s.key}|${day}`,
              max: (EARNING_SOURCES.get(s.line) ?? 1) * earning.perSourceDaily * cost,
            })),
          ]
        : []
    return {
      line,
      key,
      reserved: after.reserved - before.reserved,
      earned: after.earned - before.earned,
      lost: after.lost - before.lost,
      since: options.since,
      caps,
      surplusLost: caps.length > 0 && !vouched,
    }
  })
}

/**
 * The moves of a first send that is given back or failed, where its session carried another message: that one has no
 * charge of its own on its ranges, so they owe what they had of the first one.
 */
export const leftOnRanges = (moves: readonly Move[]): Move[] =>
  moves.map((move) => (RANGES.has(move.line) ? { ...move, lost: -move.reserved } : move))
