import { LINES, type LineName, SUBJECTS, type Subject } from '../../src/engine/policy.js'
import {
  type Demand,
  type Gathered,
  type Layout,
  LINE_WIDTH,
  type Move,
  type Query,
  type Settlement,
} from '../../src/engine/state.js'
import { DAY, MINUTE } from '../../src/engine/units.js'

/** For tests of line stores: what they are asked, in few words. */

/** A Monday noon and a bit: no edge of an hour, a day or a window bucket. */
export const T0 = Date.UTC(2026, 10, 16, 12, 3, 20, 500)

export const layoutOf = (part: Partial<Layout> = {}): Layout => ({
  slowHalfLifeMs: LINES.map(() => DAY),
  windows: [],
  distinct: [],
  spend: [],
  sessionMs: 10 * MINUTE,
  ...part,
})

export function queryOf(
  layout: Layout,
  keys: Partial<Record<Subject, string>>,
  more: Partial<Pick<Query, 'service' | 'country' | 'sources' | 'subscriber' | 'throttles'>> = {},
): Query {
  const all = SUBJECTS.map((subject) => keys[subject] ?? (subject === 'global' ? 'global' : ''))
  return {
    service: 'signup',
    layout,
    keys: all,
    country: keys.country ?? '',
    subscriber: -1,
    sources: [],
    throttles: [],
    ...more,
  }
}

export function demandOf(
  costs: Partial<Record<LineName, number>>,
  more: {
    ceilings?: Partial<Record<LineName, number>>
    spendCeilings?: readonly number[]
    price?: number
    opens?: boolean
    carried?: boolean
    throttled?: boolean
  } = {},
): Demand {
  return {
    costs: Float64Array.from(LINES, (name) => costs[name] ?? 0),
    ceilings: Float64Array.from(LINES, (name) => more.ceilings?.[name] ?? Number.POSITIVE_INFINITY),
    spendCeilings: Float64Array.from(more.spendCeilings ?? []),
    priceMicroUsd: more.price ?? 0,
    opensSession: more.opens ?? false,
    carried: more.carried ?? false,
    as: 'send',
    throttled: more.throttled ?? false,
  }
}

export const moveOf = (line: LineName, key: string, part: Partial<Move>): Move => ({
  line,
  key,
  reserved: 0,
  earned: 0,
  lost: 0,
  since: T0,
  caps: [],
  surplusLost: false,
  ...part,
})

export const settlementOf = (layout: Layout, part: Partial<Settlement>): Settlement => ({
  service: 'signup',
  layout,
  moves: [],
  outcome: null,
  verified: null,
  refund: null,
  lostFirst: null,
  ...part,
})

export function lineOf(state: Gathered, name: LineName) {
  const at = LINES.indexOf(name) * LINE_WIDTH
  const [earnedFast, lostFast, earnedSlow, lostSlow, reserved] = state.lines.slice(at, at + 5)
  return { earnedFast, lostFast, earnedSlow, lostSlow, reserved }
}
