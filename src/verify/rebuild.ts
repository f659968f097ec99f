import { NO_THROTTLES } from '../engine/measures.js'
import { LINES, SUBJECTS } from '../engine/policy.js'
import { type Demand, NO_SPEND_CEILINGS, type Query } from '../engine/state.js'
import type { Ledger, LedgerPosition } from '../ledger/port.js'
import type { ChargeRecord, RequestRow } from '../ledger/rows.js'
import type { LineStore } from '../lines/port.js'
import type { Core } from './core.js'
import { settlingOf } from './credit.js'
import { readLog } from './ledger-log.js'

/**
 * After a crash the lines are rebuilt from the ledger: every charge and settlement after the snapshot is made again,
 * at its own time. A restart hands nobody fresh credit.
 */
export interface RebuildOptions {
  core: Core
  ledger: Ledger
  /** where the snapshot stands; zeros without one */
  from: LedgerPosition
  /** marks of what the snapshot holds though the position does not */
  applied: ReadonlySet<string>
  /** a shared store that is filled again, and nothing is learned anew. @default that of the core */
  into?: LineStore
}

const BATCH = 5_000
const NUMBER = SUBJECTS.indexOf('number')
const BLOCK = SUBJECTS.indexOf('block')
const OPERATOR = SUBJECTS.indexOf('operator')
const COUNTRY = SUBJECTS.indexOf('country')
const API_KEY = SUBJECTS.indexOf('apiKey')
const GLOBAL = SUBJECTS.indexOf('global')
const UNBOUNDED = new Float64Array(LINES.length).fill(Number.POSITIVE_INFINITY)

/** @returns charges and settlements made again */
export async function rebuild(
  options: RebuildOptions,
): Promise<{ charges: number; settlements: number }> {
  const { core, ledger, from, applied, into = core.lines } = options
  const again = options.into === undefined
  const count = { charges: 0, settlements: 0 }
  const log = readLog(
    {
      requests: (after) => ledger.charges(after, BATCH),
      settlements: (after) => ledger.settlements(after, BATCH),
    },
    from,
  )
  for await (const { what, row } of log) {
    if (what === 'request') {
      if (row.charge === null || applied.has(`c:${row.id}`)) continue
      await recharge(core, into, row, row.charge)
      count.charges++
    } else {
      const settling = settlingOf(row.request, row.settledBefore)
      if (row.from === row.to || settling === null) continue
      if (applied.has(`s:${row.requestId}:${row.to}`)) continue
      const settlement = again ? null : core.settlementOf(settling, row.from, row.to, row.at)
      if (again) await core.settle(settling, row.from, row.to, row.at)
      else if (settlement !== null) await into.settle(settlement, row.at)
      count.settlements++
    }
  }
  return count
}

async function recharge(
  core: Core,
  into: LineStore,
  row: RequestRow,
  charge: ChargeRecord,
): Promise<void> {
  const service = core.settledBy(row.service)
  if (charge.opensSession && core.learns === 'own')
    core.knowledge.sent(row.service, row.country, row.operator, row.block, row.at)
  // in monitor mode a request that enforce would have refused went out uncharged
  if (charge.lines.length === 0) return
  const keys = new Array<string>(SUBJECTS.length).fill('')
  const demand: Demand = {
    costs: new Float64Array(LINES.length),
    ceilings: UNBOUNDED,
    spendCeilings: NO_SPEND_CEILINGS,
    priceMicroUsd: row.priceMicroUsd,
    opensSession: charge.opensSession,
    carried: !charge.opensSession && !charge.lines.some(({ line }) => line === 'block'),
    as: 'send',
    throttled: false,
  }
  for (const { line, key, cost } of charge.lines) {
    keys[LINES.indexOf(line)] = key
    demand.costs[LINES.indexOf(line)] = cost
  }
  keys[NUMBER] = charge.numberKey
  // also where its session carried it: it is counted on ranges that it is not charged to
  keys[BLOCK] = row.block
  keys[OPERATOR] = row.operator
  keys[COUNTRY] = row.country
  keys[API_KEY] = row.apiKeyId ?? ''
  keys[GLOBAL] = 'global'
  const query: Query = {
    service: row.service,
    layout: service.layout,
    keys,
    country: row.country,
    subscriber: subscriberOf(charge.numberKey),
    sources: charge.sources,
    // counted again, whatever the limit was
    throttles: charge.throttles?.map((key) => ({ key, limit: 0 })) ?? NO_THROTTLES,
  }
  await into.charge(query, demand, row.at)
}

/** Last four digits of a number kept in clear; a keyed hash has none. */
const subscriberOf = (numberKey: string): number =>
  numberKey.startsWith('+') ? Number(numberKey.slice(-4)) : -1
