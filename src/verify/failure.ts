import { SECOND } from '../engine/units.js'
import { type FailSafeLines, failSafeLines, type LinesPolicy } from '../lines/degraded/fail-safe.js'
import type { SharedLines } from '../lines/degraded/outage.js'
import type { Conditions, Dependency } from './conditions.js'
import { REQUEST_MS } from './patience.js'

/** What happens when something is lost that a gateway depends on; every default is written down in docs/failure.md. */
export interface FailurePolicy {
  /** the shared store of lines is lost. @default 'degraded' */
  lines: LinesPolicy
  /** how many gateways there are at most: what each of them gives by itself is the share of one. @default 2 */
  gateways: number
  /** part of the credit that this gateway gives by itself, over 0 to 1. @default one over `gateways` */
  share: number
  /** time limit of one call to the shared store of lines, ms; a decision makes two. @default 250 */
  linesTimeoutMs: number
  /** the ledger is lost: `refuse` what needs a record, or `spool` records on the own disk. @default 'refuse' */
  ledger: 'refuse' | 'spool'
  /** time limit of a commit, ms, after which it is spooled. @default 2,000 */
  ledgerTimeoutMs: number
  /** bytes of the spool; full, it takes nothing. @default 67,108,864 */
  spoolBytes: number
  /** age of its oldest record, ms, over which it takes nothing: a code that cannot be checked is of no use. @default 10 min */
  spoolMs: number
  /** a message may have gone out and nobody knows: `stop`, or let the `next` provider send another. @default 'stop' */
  unknownSend: 'stop' | 'next'
  /** time that one request waits for its stores, whatever it asks of them, ms. @default 10 s */
  requestMs: number
  /** a step of the clock that is told, ms. @default 2 s */
  clockStepMs: number
  /** requests at work at once from which new ones are turned away. @default 1,000 */
  maxInFlight: number
  /** lateness of the event loop, for a second on end, from which new requests are turned away, ms. @default 300 */
  loopDelayMs: number
}

export const DEFAULT_FAILURE: FailurePolicy = {
  lines: 'degraded',
  gateways: 2,
  share: 1 / 2,
  linesTimeoutMs: 250,
  ledger: 'refuse',
  ledgerTimeoutMs: 2 * SECOND,
  spoolBytes: 64 * 1024 * 1024,
  spoolMs: 600 * SECOND,
  unknownSend: 'stop',
  requestMs: REQUEST_MS,
  clockStepMs: 2 * SECOND,
  maxInFlight: 1_000,
  loopDelayMs: 300,
}

const LINES_SAY = {
  degraded:
    'The shared store of lines is lost: this gateway decides on its own lines, with its share of the usual credit.',
  closed: 'The shared store of lines is lost, and failure.lines is closed: no code is sent.',
  open: 'The shared store of lines is lost, and failure.lines is OPEN: codes are sent without lines of credit; only caps and limits hold.',
} as const

/** Puts a shared store of lines under the failure policy, and under watch. */
export function watchedLines(
  store: SharedLines,
  { lines: policy, share, linesTimeoutMs }: FailurePolicy,
  parts: {
    conditions: Conditions
    /** Unix ms */
    clock: () => number
    /** see `FailSafeOptions.rebuilt` */
    rebuilt: () => Promise<number | null>
    onError: (error: Error) => void
  },
): FailSafeLines {
  const { conditions, ...rest } = parts
  const lines = failSafeLines({ store, policy, share, timeoutMs: linesTimeoutMs, ...rest })
  conditions.add((): Dependency => {
    const { state, since, waiting, dropped, decided } = lines.condition()
    const figures = { waiting, dropped, decided }
    if (state === 'ok') return { name: 'lines', state, since: null, says: '', figures }
    const says =
      state === 'returning'
        ? 'The shared store of lines answers again and is being brought up to date.'
        : LINES_SAY[policy]
    return { name: 'lines', state: policy === 'closed' ? 'lost' : 'degraded', since, says, figures }
  })
  return lines
}
