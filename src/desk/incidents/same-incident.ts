import type { Incident, NamedRange } from '../../engine/detect/change.js'

/** One range holds the other, or is it. */
const holds = (outer: NamedRange, inner: NamedRange): boolean =>
  outer.key === inner.key ||
  (outer.key.startsWith('+') && inner.key.startsWith(outer.key)) ||
  (outer.level === 'operator' && inner.operatorRange === outer.key) ||
  (outer.level === 'country' && inner.country === outer.key) ||
  outer.level === 'abroad'

/**
 * Two detectors that looked at the same traffic at other moments speak of one incident: the same kind and service, and
 * ranges that lie in each other.
 */
export function isSameIncident(a: Incident, b: Incident): boolean {
  if (a.service !== b.service || a.kind !== b.kind) return false
  if (a.kind === 'outage') return a.countries.some((country) => b.countries.includes(country))
  return a.ranges.some((one) => b.ranges.some((other) => holds(one, other) || holds(other, one)))
}
