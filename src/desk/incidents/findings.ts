import type { ReasonCode } from '../../engine/reasons.js'
import { CONVERTED, type RequestRow, WENT_OUT } from '../../ledger/rows.js'

/** What the requests of an incident show. Money in micro-USD. */
export interface Findings {
  requests: number
  sent: number
  verified: number
  refused: number
  spentMicroUsd: number
  /** what bound it: the first reason of each refused request, most refusals first */
  boundBy: BoundBy[]
  operators: OperatorFindings[]
  /** first request that was refused, or would have been in monitor mode; `null` where the beginning was not read */
  firstRefused: FirstRefused | null
}

export interface BoundBy {
  code: ReasonCode
  refused: number
  /** Unix ms */
  firstAt: number
  lastAt: number
}

export interface OperatorFindings {
  key: string
  country: string
  requests: number
  sent: number
  verified: number
  refused: number
  spentMicroUsd: number
}

export interface FirstRefused {
  at: number
  code: ReasonCode
  /** recorded, and sent all the same: the service was in monitor mode */
  monitor: boolean
  /** spent on the incident's ranges before, and from then on */
  spentBeforeMicroUsd: number
  spentAfterMicroUsd: number
}

/** Money of a minute or an hour, micro-USD. */
export interface MoneyPoint {
  at: number
  spentMicroUsd: number
  verifiedMicroUsd: number
  lostMicroUsd: number
  savedMicroUsd: number
}

const wentOut = (row: RequestRow): boolean => WENT_OUT.includes(row.credit)

/** @param rows oldest first @param complete they are all there are */
export function findingsOf(rows: readonly RequestRow[], complete = true): Findings {
  const bound = new Map<ReasonCode, BoundBy>()
  const operators = new Map<string, OperatorFindings>()
  let first: FirstRefused | null = null
  const all = { requests: 0, sent: 0, verified: 0, refused: 0, spentMicroUsd: 0 }
  for (const row of rows) {
    const operator = operators.get(row.operator) ?? {
      key: row.operator,
      country: row.country,
      requests: 0,
      sent: 0,
      verified: 0,
      refused: 0,
      spentMicroUsd: 0,
    }
    operators.set(row.operator, operator)
    const sent = wentOut(row)
    const refused = row.would !== 'allow' && !(sent && row.mode === 'enforce')
    for (const sum of [all, operator]) {
      sum.requests++
      if (sent) sum.sent++
      if (CONVERTED.includes(row.credit)) sum.verified++
      if (refused) sum.refused++
      if (sent) sum.spentMicroUsd += row.priceMicroUsd
    }
    const code = row.reasons[0]?.code
    if (refused && code !== undefined) {
      const known = bound.get(code)
      if (known === undefined)
        bound.set(code, { code, refused: 1, firstAt: row.at, lastAt: row.at })
      else {
        known.refused++
        known.lastAt = row.at
      }
      first ??= {
        at: row.at,
        code,
        monitor: row.mode === 'monitor',
        spentBeforeMicroUsd: all.spentMicroUsd - (sent ? row.priceMicroUsd : 0),
        spentAfterMicroUsd: 0,
      }
    }
  }
  return {
    ...all,
    boundBy: [...bound.values()].sort((a, b) => b.refused - a.refused),
    operators: [...operators.values()].sort((a, b) => b.spentMicroUsd - a.spentMicroUsd),
    firstRefused:
      first === null || !complete
        ? null
        : { ...first, spentAfterMicroUsd: all.spentMicroUsd - first.spentBeforeMicroUsd },
  }
}
