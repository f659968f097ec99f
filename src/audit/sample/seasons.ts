import { DAY } from '../../engine/units.js'
import type { Change } from '../../lab/actors/people-change.js'

/** A stretch of a business's time in whole days. */
export interface Stretch {
  /** days after the first */
  fromDay: number
  days: number
}

const surge = (
  { fromDay, days }: Stretch,
  factor: number,
  countries?: readonly string[],
): Change => ({
  ...{ kind: 'surge', startMs: fromDay * DAY, durationMs: days * DAY, factor },
  ...(countries !== undefined && { countries }),
})

/** Steps in which a business grows: 1 to 3 % each, which no day shows. */
const GROWTH_STEPS = 26

/** Growth at a steady rate from 1 to `times` its first size. */
export function growth(days: number, times: number): Change[] {
  const length = days / GROWTH_STEPS
  return Array.from({ length: GROWTH_STEPS }, (_, i) =>
    surge({ fromDay: i * length, days: length }, times ** (i / (GROWTH_STEPS - 1))),
  )
}

/** A peak of the year: its people come so many times as often, with a sixth of it to rise and a sixth to fall. */
export function season({ fromDay, days }: Stretch, times: number): Change[] {
  const edge = days / 6
  const half = 1 + (times - 1) / 2
  return [
    surge({ fromDay, days: edge }, half),
    surge({ fromDay: fromDay + edge, days: days - 2 * edge }, times),
    surge({ fromDay: fromDay + days - edge, days: edge }, half),
  ]
}

/** A country that nobody is served in before a day, and that takes three times `riseDays` to reach its weight. */
export function launch(country: string, fromDay: number, riseDays: number): Change[] {
  return [
    surge({ fromDay: 0, days: fromDay }, 0, [country]),
    ...[0.3, 0.55, 0.8].map((factor, i) =>
      surge({ fromDay: fromDay + i * riseDays, days: riseDays }, factor, [country]),
    ),
  ]
}
