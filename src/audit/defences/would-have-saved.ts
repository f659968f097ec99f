import type { Policy } from '../../engine/policy.js'
import { DAY } from '../../engine/units.js'
import type { Saving } from '../audit-result.js'
import type { MessageLog } from '../message-log.js'
import { likelyMarkets } from '../suggest/likely-markets.js'
import { normalDays } from '../suggest/normal-days.js'
import { type Chosen, chooseSpans, type Span } from './choose-spans.js'
import { countryRules, validationRule } from './country-rules.js'
import type { Judged } from './judged.js'
import { limitRules } from './limit-rules.js'
import { potentialsOf } from './potential.js'
import { type Replayed, replayLog } from './replay-log.js'
import { type Entry, replayPlan } from './replay-plan.js'
import { runRules } from './run-rules.js'
import { type SurveyOptions, surveyOf } from './survey.js'
import type { Part } from './tally.js'
import { rangeBlockRule, ratioAlarmRule } from './watch-rules.js'

/** A saving, and what has to be said with it. */
export interface DefenceSaving extends Saving {
  /** how it was reckoned, in a sentence */
  assumption: string
  /** only a part of the log was run through it, and its figures are scaled to all of it */
  sampled: boolean
}

export interface SavedOptions extends SurveyOptions {
  /** ISO 3166 alpha-2; empty: those that the log looks like */
  markets: readonly string[]
  /** messages that Tollgate and the published rules of others decide on at most @default 50000 */
  maxReplayed?: number
  /** a policy to try besides the default one, such as the proposed */
  policy?: Policy
  /** @param done messages replayed of `total` */
  onProgress?: (done: number, total: number) => void
}

const MAX_REPLAYED = 50_000
/** ... and against attackers who solve every challenge. */
const MAX_SOLVED = 50_000

const SOLVES =
  'a challenge counts as stopping what is pumped and as letting people through: whoever pays for solved challenges gets more past it'
const ALL_SOLVED = 'only what never goes out counts as stopped'

const sizeOf = (spans: readonly Span[]): number =>
  spans.reduce((sum, { from, to }) => sum + to - from, 0)

function coverage({ spans, counted, units, unitMs }: Chosen, sampled: boolean): string {
  if (!sampled) return 'every message was run through it'
  const name = unitMs === DAY ? 'days' : 'hours'
  const rows = sizeOf(spans).toLocaleString('en-US')
  return `${rows} messages of ${counted} of ${units} ${name} were run through it, attacks first, and its figures scaled to all`
}

function savingOf(
  { contender, tally, challenged, denied }: Replayed,
  { title, source, rules }: Entry,
  chosen: Chosen,
  seen: readonly [Part, Part],
  { attackersSolve, rows }: { attackersSolve: boolean; rows: number },
): DefenceSaving {
  const sampled = sizeOf(chosen.spans) < rows
  const asks = attackersSolve
    ? `; ${ALL_SOLVED}`
    : challenged > 0
      ? `; ${challenged} challenged and ${denied} refused; ${SOLVES}`
      : ''
  return {
    defence: contender.name,
    title: sampled ? `${title} (part of the log)` : title,
    source,
    ...tally.of(seen, chosen.all),
    assumption: `${rules === '' ? '' : `${rules}; `}${coverage(chosen, sampled)}${asks}`,
    sampled,
  }
}

/**
 * What would have stopped the fraud in a log: the log replayed through Tollgate's default policy and the published rules
 * of others, and each defence of the checklist by itself. Money is weighted by P(pumped); `touched` are messages that
 * nothing speaks against. Tollgate first, then the rules of others, then the checklist.
 */
export async function wouldHaveSaved(
  log: MessageLog,
  judged: Judged,
  options: SavedOptions,
): Promise<DefenceSaving[]> {
  const { maxReplayed = MAX_REPLAYED, policy, onProgress } = options
  if (log.size === 0) return []
  const survey = surveyOf(log, options)
  const normal = normalDays(survey, judged)
  const markets =
    options.markets.length > 0 ? options.markets : likelyMarkets(survey.places, normal)
  const { asLogged, allSolved } = replayPlan(markets, policy)
  const runs = [
    { entries: asLogged, attackersSolve: false, most: maxReplayed },
    { entries: allSolved, attackersSolve: true, most: Math.min(maxReplayed, MAX_SOLVED) },
  ].map((run) => ({ ...run, chosen: chooseSpans(survey, judged, run.most) }))
  const total = runs.reduce((sum, { chosen }) => sum + sizeOf(chosen.spans), 0)

  const savings: DefenceSaving[] = []
  let before = 0
  for (const { entries, attackersSolve, chosen } of runs) {
    const { replayed, seen } = await replayLog({
      survey,
      judged,
      potentials: potentialsOf(survey, judged, markets, attackersSolve),
      chosen,
      contenders: entries.map(({ contender }) => contender),
      onProgress: (rows) => onProgress?.(before + rows, total),
    })
    before += sizeOf(chosen.spans)
    for (const [i, one] of replayed.entries())
      savings.push(
        savingOf(one, entries[i] as Entry, chosen, seen, { attackersSolve, rows: log.size }),
      )
  }
  // ours stand together
  savings.sort((a, b) => Number(isOurs(b)) - Number(isOurs(a)))

  const { ruled, seen } = runRules(survey, judged, potentialsOf(survey, judged, markets), [
    ...limitRules(log),
    ...countryRules(survey.places, normal, markets),
    validationRule(survey.places),
    rangeBlockRule(survey.places),
    ratioAlarmRule(survey.places),
  ])
  const checklist = ruled.map(
    ({ rule: { defence, title, source, assumption }, tally }): DefenceSaving => ({
      ...{ defence, title, source, assumption, sampled: false },
      ...tally.of(seen, seen),
    }),
  )
  return [...savings, ...checklist]
}

const isOurs = ({ defence }: Saving): boolean => defence.startsWith('tollgate')
