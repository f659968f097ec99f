import type { Contender } from '../../lab/contender.js'
import type { Decider } from '../../lab/replay-decided.js'
import { createPeerDecider } from '../../lab/replay-peer.js'
import { createRowFacts, labSources, type RowFacts } from '../../lab/row-facts.js'
import type { TrafficRow } from '../../lab/traffic.js'
import type { Chosen } from './choose-spans.js'
import type { Judged } from './judged.js'
import type { Potentials } from './potential.js'
import type { Survey } from './survey.js'
import { createTally, newPart, type Part, type Tally } from './tally.js'

export interface Replayed {
  contender: Contender
  tally: Tally
  /** of what it stopped: refused outright, and asked for a challenge first */
  denied: number
  challenged: number
}

/** Rows between two calls of `onProgress`. */
const PROGRESS_ROWS = 1_000

/** Looks the facts of a row up once for all who are asked about it. */
function onceARow(rowFacts: RowFacts): RowFacts {
  let row: TrafficRow | undefined
  let facts: ReturnType<RowFacts> | undefined
  return (asked) => {
    if (facts === undefined || asked !== row) {
      row = asked
      facts = rowFacts(asked)
    }
    return facts
  }
}

/** A message as somebody asked for it, as far as the log tells. */
function requestsOf({ log, prices }: Survey, potentials: Potentials) {
  const { at, ip } = log.columns
  return (row: number): TrafficRow => ({
    id: String(row),
    at: at[row] as number,
    service: 'audit',
    to: potentials.numberOf(row),
    ip: log.ips[ip[row] as number] || null,
    deviceId: null,
    accountId: null,
    sessionId: null,
    userAgent: null,
    sessionAgeMs: null,
    precedingEvents: null,
    priceMicroUsd: Math.round(prices.expectedMicroUsd(row)),
    retryOf: null,
    potential: potentials.of(row),
  })
}

/** Runs the chosen part of a log through rule sets side by side, each with its own state and its own outcomes. */
export async function replayLog(options: {
  survey: Survey
  judged: Judged
  potentials: Potentials
  chosen: Chosen
  contenders: readonly Contender[]
  onProgress?: (rows: number) => void
}): Promise<{ replayed: Replayed[]; seen: readonly [Part, Part] }> {
  const { survey, judged, potentials, chosen, contenders, onProgress } = options
  const { order, probability, certainty } = judged
  const rowFacts = onceARow(createRowFacts(labSources()))
  const requestOf = requestsOf(survey, potentials)
  const seen: readonly [Part, Part] = [newPart(), newPart()]
  const running: (Replayed & { decider: Decider })[] = contenders.map((contender) => ({
    contender,
    decider: createPeerDecider(contender, rowFacts),
    tally: createTally(),
    denied: 0,
    challenged: 0,
  }))
  let rows = 0
  for (const { from, to, stratum, counted } of chosen.spans) {
    for (let i = from; i < to; i++) {
      const row = order[i] as number
      const request = requestOf(row)
      const fraudMicro = (probability[row] as number) * survey.prices.billed(row)
      const fine = certainty[row] === 0
      if (counted) {
        const part = seen[stratum]
        part.rows++
        part.fraudMicro += fraudMicro
        if (fine) part.fine++
      }
      for (const one of running) {
        const decided = await one.decider.decide(request)
        if (!counted || decided === null) continue
        const { verdict, sent } = decided.decision
        // where attackers solve challenges, a solved one has stopped nothing and is no trouble worth counting
        if (potentials.attackersSolve ? sent : verdict === 'allow') continue
        if (verdict === 'challenge') one.challenged++
        else one.denied++
        one.tally.stopped(stratum, fraudMicro, fine)
      }
      if (++rows % PROGRESS_ROWS === 0) onProgress?.(rows)
    }
  }
  for (const { decider } of running) await decider.finish()
  onProgress?.(rows)
  return { replayed: running, seen }
}
