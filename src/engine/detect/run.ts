/** The sequential test on a node's columns: CUSUM of predictive log ratios that restarts at 0. */
import { HOUR, SECOND } from '../units.js'
import { MARK, type Nodes } from './nodes.js'
import { type ConversionLaw, logRatio } from './predictive.js'

/** Sessions of a range's history that are kept: older ones fade as new ones come. */
const PAST = 200
/** Two failures and then nothing for so long are history: an attack that goes on would not begin with them. */
const IDLE_MS = 6 * HOUR
const FAINT = 2.5

export interface Step {
  success: boolean
  usual: ConversionLaw
  attacked: ConversionLaw
  sentAt: number
  priceMicroUsd: number
}

/** Takes one more outcome; returns the log-likelihood ratio of the run. */
export function take(nodes: Nodes, node: number, step: Step): number {
  const c = nodes.columns
  const idle = step.sentAt - (c.lastOutcome[node] as number) * SECOND
  c.lastOutcome[node] = Math.floor(step.sentAt / SECOND)
  if (idle > IDLE_MS && (c.llr[node] as number) < FAINT) restart(nodes, node)
  const sessions = c.sessions[node] as number
  const verified = c.verified[node] as number
  if (sessions === 0) c.onset[node] = step.sentAt
  const llr = Math.max(
    0,
    (c.llr[node] as number) + logRatio(step.success, verified, sessions, step.usual, step.attacked),
  )
  c.llr[node] = llr
  c.sessions[node] = sessions + 1
  if (step.success) {
    c.verified[node] = verified + 1
    c.earned[node] = (c.earned[node] as number) + step.priceMicroUsd
  } else c.lost[node] = (c.lost[node] as number) + step.priceMicroUsd
  if (llr === 0) restart(nodes, node)
  return llr
}

/** A failure turns out to have verified late: as if it had been a success all along. */
export function correct(nodes: Nodes, node: number, step: Step): number {
  const c = nodes.columns
  const sessions = c.sessions[node] as number
  const verified = c.verified[node] as number
  if (sessions <= verified || step.sentAt < (c.onset[node] as number)) {
    c.pastVerified[node] = Math.min(
      c.pastSessions[node] as number,
      (c.pastVerified[node] as number) + 1,
    )
    return c.llr[node] as number
  }
  const { usual, attacked } = step
  const llr = Math.max(
    0,
    (c.llr[node] as number) +
      logRatio(true, verified, sessions - 1, usual, attacked) -
      logRatio(false, verified, sessions - 1, usual, attacked),
  )
  c.llr[node] = llr
  c.verified[node] = verified + 1
  c.lost[node] = Math.max(0, (c.lost[node] as number) - step.priceMicroUsd)
  c.earned[node] = (c.earned[node] as number) + step.priceMicroUsd
  if (llr === 0) restart(nodes, node)
  return llr
}

/** The run showed nothing: it becomes history. Figures of a range in an incident are kept together until it closes. */
function restart(nodes: Nodes, node: number): void {
  const c = nodes.columns
  if (((c.marks[node] as number) & MARK.incident) !== 0) return
  if (c.sessions[node] === 0) return
  const sessions = (c.pastSessions[node] as number) + (c.sessions[node] as number)
  const fade = Math.min(1, PAST / sessions)
  c.pastVerified[node] = ((c.pastVerified[node] as number) + (c.verified[node] as number)) * fade
  c.pastSessions[node] = sessions * fade
  drop(nodes, node)
}

/** Figures of a run. */
export const RUN = ['sessions', 'verified', 'lost', 'earned'] as const
export type RunFigures = Record<(typeof RUN)[number], number>

/** A wide range is named in place of a narrower one. @param heard what its own run has of that one already */
export function inherit(nodes: Nodes, narrow: number, wide: number, heard: RunFigures): void {
  const c = nodes.columns
  for (const name of RUN)
    c[name][wide] =
      (c[name][wide] as number) + Math.max(0, (c[name][narrow] as number) - heard[name])
  const [onset, own] = [c.onset[narrow] as number, c.onset[wide] as number]
  c.onset[wide] = own === 0 ? onset : Math.min(own, onset)
}

/** Forgets the run, without learning from it. */
export function drop(nodes: Nodes, node: number): void {
  const c = nodes.columns
  c.llr[node] = 0
  c.sessions[node] = 0
  c.verified[node] = 0
  c.lost[node] = 0
  c.earned[node] = 0
  c.onset[node] = 0
}
