import type { Incident } from '../engine/detect/change.js'
import type { Measure } from '../engine/measures.js'
import type { RequestRow } from '../ledger/rows.js'
import type { RangeMark } from './ranges.js'
import type { SourceKind } from './shared-sources.js'

/** A destination that a source asked for. */
export interface Aim {
  kind: 'country' | 'operator' | 'block'
  key: string
  operator: string | null
  requests: number
}

export interface Aims {
  aims: Aim[]
  countries: number
  numbers: number
}

/** Destinations of a kind that are told of. */
const MOST = 5

/** Where the last requests of a source were to go, the most frequent of each kind first. */
export function aimsOf(
  rows: readonly Pick<RequestRow, 'country' | 'operator' | 'block' | 'number'>[],
): Aims {
  const counts = {
    country: new Map<string, Aim>(),
    operator: new Map<string, Aim>(),
    block: new Map<string, Aim>(),
  }
  const add = (kind: Aim['kind'], key: string, operator: string | null): void => {
    if (key === '') return
    const aim = counts[kind].get(key) ?? { kind, key, operator, requests: 0 }
    aim.requests++
    counts[kind].set(key, aim)
  }
  for (const { country, operator, block } of rows) {
    add('country', country, null)
    add('operator', operator, operator)
    add('block', block, operator)
  }
  const largest = (kind: Aim['kind']): Aim[] =>
    [...counts[kind].values()].sort((a, b) => b.requests - a.requests).slice(0, MOST)
  return {
    aims: [...largest('country'), ...largest('operator'), ...largest('block')],
    countries: counts.country.size,
    numbers: new Set(rows.map(({ number }) => number)).size,
  }
}

/** Incidents that a source takes part in, and measures on it. */
export function sourceMarks(
  kind: SourceKind,
  key: string,
  { incidents, measures }: { incidents: readonly Incident[]; measures: readonly Measure[] },
): RangeMark[] {
  const marks: RangeMark[] = []
  for (const incident of incidents) {
    if (incident.state === 'closed') continue
    if (!incident.sources.some((source) => source.kind === kind && source.key === key)) continue
    const text = `${incident.kind} incident, ${incident.state}`
    marks.push({ kind: 'incident', id: incident.id, text, until: null })
  }
  for (const { id, target, action, until } of measures)
    if (target.kind === kind && target.key === key)
      marks.push({ kind: 'measure', id, text: `${action} in force`, until })
  return marks
}

/** An address that stands for a source: of a subnet its first one; `null` where none does. */
export function addressOf(kind: SourceKind, key: string): string | null {
  if (kind === 'ip' || kind === 'subnet') return key.replace(/\/\d+$/, '')
  return null
}
