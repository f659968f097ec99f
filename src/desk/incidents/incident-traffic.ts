import { ABROAD, type Incident } from '../../engine/detect/change.js'
import type { ConsoleStore, DecisionSearch } from '../../ledger/console-port.js'
import type { RequestRow } from '../../ledger/rows.js'

/** Pages of rows that are read for one answer, and rows of each. */
const PAGES = 8
const PAGE = 1_000

export interface IncidentTraffic {
  /** oldest first */
  rows: RequestRow[]
  /** `false`: a part of it, the newest of each range */
  complete: boolean
}

/** End of an incident: its close, or now. */
export const endOf = ({ closedAt }: Pick<Incident, 'closedAt'>, now: number): number =>
  Math.min(closedAt ?? now, now)

/**
 * Requests to the ranges of an incident while it ran; a bounded number of them. The time is read once for all ranges:
 * an attack over hundreds of them costs no more than one over three.
 */
export async function incidentTraffic(
  ledger: Pick<ConsoleStore, 'search'>,
  incident: Incident,
  now: number,
): Promise<IncidentTraffic> {
  const { service, firstSendAt, countries, ranges } = incident
  const isInside = insideOf(incident)
  const [only] = ranges
  const narrow: Partial<DecisionSearch> =
    ranges.length === 1 && (only?.level === 'block' || only?.level === 'subBlock')
      ? { range: only.key }
      : countries.length === 1 && countries[0] !== undefined && countries[0] !== ABROAD
        ? { country: countries[0] }
        : {}
  const rows: RequestRow[] = []
  let before: number | undefined
  for (let page = 0; page < PAGES; page++) {
    const found = await ledger.search({
      ...narrow,
      service,
      from: firstSendAt,
      to: endOf(incident, now),
      limit: PAGE,
      ...(before !== undefined && { before }),
    })
    for (const row of found.rows) if (isInside(row)) rows.push(row)
    if (found.next === null) return { rows: rows.reverse(), complete: true }
    before = found.next
  }
  return { rows: rows.reverse(), complete: false }
}

/** Whether a request went to one of its ranges. Prefixes are looked up by their lengths, not one after the other. */
function insideOf({ ranges, countries }: Incident): (row: RequestRow) => boolean {
  const prefixes = new Set<string>()
  const operators = new Set<string>()
  const whole = new Set<string>()
  for (const { level, key } of ranges) {
    if (level === 'abroad') for (const country of countries) whole.add(country)
    else if (level === 'country') whole.add(key)
    else if (level === 'operator') operators.add(key)
    else prefixes.add(key)
  }
  const lengths = new Set([...prefixes].map(({ length }) => length))
  return ({ number, block, country, operator }) => {
    if (whole.has(country) || operators.has(operator)) return true
    for (const length of lengths)
      if (prefixes.has(number.slice(0, length)) || prefixes.has(block.slice(0, length))) return true
    return false
  }
}
