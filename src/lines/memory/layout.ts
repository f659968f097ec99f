import { LINES, SUBJECTS } from '../../engine/policy.js'
import {
  type DistinctSpec,
  type Gathered,
  type Layout,
  LINE_WIDTH,
  type SpendSpec,
  type WindowSpec,
} from '../../engine/state.js'

/** A layout with its places worked out once: subject index, salt of the place, and which counters are the same one. */
export interface PlacedLayout {
  layout: Layout
  windows: readonly Placed<WindowSpec>[]
  distinct: readonly Placed<DistinctSpec>[]
  spend: readonly Placed<SpendSpec>[]
  /** what `gather` answers with, filled anew each time: allocating its arrays would cost as much as reading */
  state: Gathered
}

export interface Placed<Spec> {
  spec: Spec
  /** index of SUBJECTS */
  subject: number
  salt: number
  /** two rules may read one counter; only the first of them counts */
  counts: boolean
}

const PERIOD_SALT = { hour: 1, day: 2, month: 3 }

function place<Spec>(
  specs: readonly Spec[],
  subject: (s: Spec) => string,
  salt: (s: Spec) => number,
): Placed<Spec>[] {
  const seen = new Set<string>()
  return specs.map((spec) => {
    const index = (SUBJECTS as readonly string[]).indexOf(subject(spec))
    const key = `${index}|${salt(spec)}`
    const counts = !seen.has(key)
    seen.add(key)
    return { spec, subject: index, salt: salt(spec), counts }
  })
}

export const placeLayout = (layout: Layout): PlacedLayout => ({
  layout,
  state: {
    lines: new Float64Array(LINES.length * LINE_WIDTH),
    windows: new Float64Array(layout.windows.length),
    distinct: new Float64Array(layout.distinct.length),
    spend: new Float64Array(layout.spend.length),
    verifiedAt: 0,
    sourceKnown: false,
    sessionAt: 0,
    degraded: false,
  },
  windows: place(
    layout.windows,
    (s) => s.subject,
    (s) => s.windowMs,
  ),
  distinct: place(
    layout.distinct,
    (s) => s.per,
    (s) => s.windowMs + (s.of === 'numbers' ? 0 : 1),
  ),
  spend: place(
    layout.spend,
    (s) => s.scope,
    (s) => PERIOD_SALT[s.period],
  ),
})
