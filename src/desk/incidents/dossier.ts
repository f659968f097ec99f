import type { RangeLevel } from '../../engine/detect/change.js'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import type { Dimension, RollupPeriod, Tally } from '../../ledger/console-port.js'
import { KEPT_MS } from '../../ledger/tally-time.js'
import { emptyTally, wastedOf } from '../../report/tally.js'
import type { DeskParts } from '../parts.js'
import { type Findings, findingsOf, type MoneyPoint } from './findings.js'
import { endOf, incidentTraffic } from './incident-traffic.js'
import type { KeptIncident } from './kept-incident.js'

/** Minutes are kept for two days: what reaches further back is shown by the hour. */
const MINUTES_KEPT_MS = 2 * DAY - HOUR
/** Hours are kept for two weeks: what reaches further back is shown by the day. */
const HOURS_KEPT_MS = KEPT_MS.hour - DAY
const LONGEST_BY_MINUTE_MS = 12 * HOUR
/** Buckets of its money, their size and how much is shown before the first send, ms. */
type Buckets = readonly [period: RollupPeriod, size: number, beforeMs: number]
const MINUTES: Buckets = ['minute', MINUTE, 15 * MINUTE]
const HOURS: Buckets = ['hour', HOUR, 6 * HOUR]
const DAYS: Buckets = ['day', DAY, 3 * DAY]
/** An incident's requests are read again after so long. */
const FRESH_MS = 15 * MINUTE
const RUNNING_FRESH_MS = 20_000
const REMEMBERED = 50

const DIMENSION: Partial<Record<RangeLevel, Dimension>> = {
  subBlock: 'subBlock',
  block: 'block',
  operator: 'operator',
  country: 'country',
}

export interface Dossier {
  findings: Findings
  /** `false`: the findings are of a part of its requests */
  complete: boolean
  /** tallies of its ranges since the hour (where that is forgotten, the day) of its first send, by key */
  tallies: Map<string, Tally>
  money: { period: RollupPeriod; points: MoneyPoint[] }
}

/** What the ledger says about an incident, worked out when somebody looks at it. */
export function createDossiers({ ledger, clock }: Pick<DeskParts, 'ledger' | 'clock'>) {
  const read = new Map<string, { at: number; findings: Findings; complete: boolean }>()

  async function findings(incident: KeptIncident) {
    const now = clock()
    const known = read.get(incident.id)
    const fresh = incident.state === 'closed' ? FRESH_MS : RUNNING_FRESH_MS
    if (known !== undefined && now - known.at < fresh && now >= known.at) return known
    const { rows, complete } = await incidentTraffic(ledger, incident, now)
    const next = { at: now, findings: findingsOf(rows, complete), complete }
    read.delete(incident.id)
    read.set(incident.id, next)
    const oldest = read.keys().next().value
    if (read.size > REMEMBERED && oldest !== undefined) read.delete(oldest)
    return next
  }

  async function tallies({ ranges, service, firstSendAt, ...rest }: KeptIncident) {
    const sums = new Map<string, Tally>()
    const now = clock()
    const [period, size] = now - firstSendAt < HOURS_KEPT_MS ? HOURS : DAYS
    const from = Math.floor(firstSendAt / size) * size
    const to = endOf(rest, now) + 1
    for (const [level, dimension] of Object.entries(DIMENSION)) {
      const keys = ranges.filter((range) => range.level === level).map(({ key }) => key)
      if (keys.length === 0) continue
      const filter = { period, dimension, from, to, service, keys }
      for (const sum of await ledger.top(filter, 'requests', keys.length)) sums.set(sum.key, sum)
    }
    return sums
  }

  /** Of the countries of its ranges: minutes are not kept for narrower ones. */
  async function money({ countries, service, firstSendAt, ...rest }: KeptIncident) {
    const now = clock()
    const end = endOf(rest, now)
    const minutes = now - firstSendAt < MINUTES_KEPT_MS && end - firstSendAt <= LONGEST_BY_MINUTE_MS
    const [period, size, beforeMs] = minutes
      ? MINUTES
      : now - firstSendAt < HOURS_KEPT_MS
        ? HOURS
        : DAYS
    const from = Math.floor((firstSendAt - beforeMs) / size) * size
    // the minute that still runs has not been counted yet
    const to = Math.floor(end / size) * size + (end < now ? size : 0)
    const rows = await ledger.series({
      period,
      dimension: 'country',
      from,
      to,
      service,
      keys: countries,
    })
    const sums = new Map<number, Tally>()
    for (const row of rows) {
      const sum = sums.get(row.at) ?? emptyTally()
      sum.spendMicroUsd += row.spendMicroUsd
      sum.verifiedMicroUsd += row.verifiedMicroUsd
      sum.lostMicroUsd += wastedOf(row)
      sum.savedMicroUsd += row.savedMicroUsd
      sums.set(row.at, sum)
    }
    const points: MoneyPoint[] = []
    for (let at = from; at < to; at += size) {
      const sum = sums.get(at)
      points.push({
        at,
        spentMicroUsd: sum?.spendMicroUsd ?? 0,
        verifiedMicroUsd: sum?.verifiedMicroUsd ?? 0,
        lostMicroUsd: sum?.lostMicroUsd ?? 0,
        savedMicroUsd: sum?.savedMicroUsd ?? 0,
      })
    }
    return { period, points }
  }

  return async function dossierOf(incident: KeptIncident): Promise<Dossier> {
    const [found, sums, amounts] = await Promise.all([
      findings(incident),
      tallies(incident),
      money(incident),
    ])
    return { findings: found.findings, complete: found.complete, tallies: sums, money: amounts }
  }
}
