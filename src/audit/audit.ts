import { analyse } from './analyse/analyse.js'
import { currencyOf, type PricingOptions } from './analyse/message-prices.js'
import type { AuditResult } from './audit-result.js'
import { costModels } from './costs/cost-models.js'
import type { Judged } from './defences/judged.js'
import { type Survey, surveyOf } from './defences/survey.js'
import { wouldHaveSaved } from './defences/would-have-saved.js'
import type { MessageLog } from './message-log.js'
import { type ReadOptions, readLogs } from './read/read-logs.js'
import { suggestPolicy } from './suggest/suggest-policy.js'

/** How far an audit has come. */
export interface AuditProgress {
  step: 'read' | 'analyse' | 'replay'
  /** of the step, 0 to 1 */
  done: number
  /** read so far */
  rows: number
  /** of the files, packed as they are */
  bytes: number
}

export interface AuditOptions extends Omit<ReadOptions, 'onProgress'>, PricingOptions {
  /** countries of the users, ISO 3166 alpha-2; empty: those that the log looks like */
  markets: readonly string[]
  /** messages that Tollgate and the rules of others are tried on at most @default 200000 */
  maxReplayed?: number
  /** version, as the report has it */
  tollgate: string
  onProgress?: (progress: AuditProgress) => void
}

/** An audit, and the messages it is of. */
export interface Audited {
  result: AuditResult
  log: MessageLog
  judged: Judged
  /** where its messages went and what they cost: every figure has its prices from here */
  survey: Survey
  /** the numbers behind the result's `topNumbers`, whole, in its order: for pseudonyms alone */
  wholeNumbers: readonly number[]
}

/** Said first of a log that does not fit into memory. */
function partly(sampled: number, { rows, micro }: { rows: number; micro: number }): string[] {
  if (sampled === 1) return []
  const money = Math.round(micro / 1e6).toLocaleString('en')
  return [
    `The log does not fit into memory: one in ${sampled} blocks of 10,000 numbers was audited, chosen at random, and all sums are of these. The whole log has ${rows.toLocaleString('en')} messages for ${money}.`,
  ]
}

/**
 * From message logs to what was pumped, what would have stopped it, what it costs otherwise, and a policy.
 * @throws LogError for files that cannot be understood, and where not one message was found
 */
export async function audit(options: AuditOptions): Promise<Audited> {
  const { markets, usdPerUnit, list, maxReplayed, tollgate, onProgress, ...reading } = options
  const pricing: PricingOptions = {
    ...(usdPerUnit !== undefined && { usdPerUnit }),
    ...(list !== undefined && { list }),
  }
  let rows = 0
  let bytes = 0
  const tell = (step: AuditProgress['step'], done: number): void =>
    onProgress?.({ step, done, rows, bytes })
  const read = await readLogs({
    ...reading,
    onProgress: (at) => {
      rows = at.rows
      bytes = at.bytes
      tell('read', at.total === 0 ? 1 : at.bytes / at.total)
    },
  })
  const { log, files, skipped, duplicates, outcomes, sampled, totals } = read
  const currency = currencyOf(log)
  const { certainty, probability, order, wholeNumbers, ...found } = analyse(log, {
    markets,
    currency,
    ...pricing,
    onProgress: (done) => tell('analyse', done),
  })
  const judged = { certainty, probability, order }
  const places = { markets, ...pricing }
  const saved = await wouldHaveSaved(log, judged, {
    ...places,
    ...(maxReplayed !== undefined && { maxReplayed }),
    onProgress: (done, total) => tell('replay', total === 0 ? 1 : done / total),
  })
  const gate = saved.find(({ defence }) => defence === 'tollgate')
  const costs = costModels(log, judged, { ...places, ...(gate !== undefined && { saving: gate }) })
  const result: AuditResult = {
    tollgate,
    files,
    ...found,
    skipped,
    duplicates,
    outcomes: { ...found.outcomes, source: outcomes },
    wouldHaveSaved: saved,
    costs,
    policy: suggestPolicy(log, judged, places).yaml,
    limits: [...partly(sampled, totals), ...found.limits],
  }
  return { result, log, judged, survey: surveyOf(log, pricing), wholeNumbers }
}
