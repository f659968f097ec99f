import { FIRST_SOURCE_LINE, LINE_INDEX } from '../../engine/compile.js'
import type { Reason } from '../../engine/decision.js'
import { REASONS } from '../../engine/reasons.js'
import { sentence as evidenceSentence } from '../../engine/signals/sentence.js'
import type { RequestRow } from '../../ledger/rows.js'
import { figure, figureOrNull } from '../figure.js'
import { maskNumber } from '../mask.js'
import { sentence } from '../sentence.js'
import type { DecisionRow, ShownEvidence, ShownLine, ShownReason } from './decisions-view.js'

/** Whose number it is, and whether it may be seen. */
export interface Subject {
  number: string
  block: string
  clear: boolean
}

export const subjectOf = ({ number, block }: RequestRow, clear: boolean): Subject => ({
  number,
  block,
  clear,
})

export const shownNumber = ({ number, clear }: Subject): string =>
  clear || !number.startsWith('+') ? number : maskNumber(number)

/** A key as it may be shown: for viewers a number is masked, and a range no narrower than the block. */
export function shownKey(key: string, subject: Subject): string {
  const { number, block, clear } = subject
  if (clear || block === '' || !key.startsWith(block)) return key
  return key === number ? maskNumber(number) : block
}

export function showReason(reason: Reason, subject: Subject): ShownReason {
  const observed = figureOrNull(reason.observed)
  const limit = figureOrNull(reason.limit)
  const told = { ...reason, observed, limit, subject: shownKey(reason.subject, subject) }
  return {
    ...told,
    headroom: observed === null || limit === null ? null : figure(limit - observed),
    sentence: sentence(told),
    remedy: REASONS[reason.code].remedy,
  }
}

export const showEvidence = (row: RequestRow): ShownEvidence[] =>
  row.evidence.map((evidence) => ({
    ...evidence,
    logOdds: figure(evidence.logOdds),
    observed: figureOrNull(evidence.observed),
    expected: figureOrNull(evidence.expected),
    sentence: evidenceSentence(evidence),
  }))

export const showLines = ({ charge }: RequestRow, subject: Subject): ShownLine[] =>
  (charge?.lines ?? []).map(({ line, key, cost }) => ({
    line,
    key: shownKey(key, subject),
    cost: figure(cost),
    unit: LINE_INDEX[line] < FIRST_SOURCE_LINE ? 'micro_usd' : 'messages',
  }))

export function showRow(row: RequestRow, clear: boolean): DecisionRow {
  const subject = subjectOf(row, clear)
  const { id, at, service, kind, country, ip, asn, verdict, would, mode, score } = row
  const [first] = row.reasons
  const reason = first === undefined ? null : showReason(first, subject)
  return {
    ...{ id, at, service, kind, country, ip, asn, verdict, would, mode, score },
    number: shownNumber(subject),
    reason: reason === null ? null : { code: reason.code, sentence: reason.sentence },
    moreReasons: Math.max(0, row.reasons.length - 1),
    credit: row.credit,
    priceMicroUsd: row.priceMicroUsd,
  }
}
