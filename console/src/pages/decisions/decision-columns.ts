import type { DecisionRow } from '../../../../src/http/console/decisions-view'
import { type ExportColumn, inUsd, inUtc } from '../../kit/export-table'

/** Decisions for spreadsheets: those of the page, with what it shows of each. */
export const DECISION_COLUMNS: readonly ExportColumn<DecisionRow>[] = [
  ['decision', ({ id }) => id],
  ['at_utc', ({ at }) => inUtc(at)],
  ['service', ({ service }) => service],
  ['kind', ({ kind }) => kind],
  ['verdict', ({ verdict }) => verdict],
  ['would', ({ would }) => would],
  ['mode', ({ mode }) => mode],
  ['number', ({ number }) => number],
  ['country', ({ country }) => country],
  ['reason', ({ reason }) => reason?.code ?? null],
  ['why', ({ reason }) => reason?.sentence ?? null],
  ['more_reasons', ({ moreReasons }) => moreReasons],
  ['ip', ({ ip }) => ip],
  ['asn', ({ asn }) => asn],
  ['score', ({ score }) => Math.round(score)],
  ['message', ({ credit }) => credit],
  ['price_usd', ({ priceMicroUsd }) => inUsd(priceMicroUsd)],
]
