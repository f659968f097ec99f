import type { Challenger } from '../challenge/port.js'
import type { Change, Incident } from '../engine/detect/change.js'
import type { Ledger } from '../ledger/port.js'
import type { SettledRequest } from '../ledger/rows.js'
import { type IdPrefix, timedId } from '../ledger/timed-id.js'
import { closest } from '../policy/suggest.js'
import type { Receipt, Sender } from '../send/port.js'
import type { Core } from './core.js'
import type { LifeError, LifeErrorCode, Result } from './types.js'

/** What the detector has called an incident in this process, and when it was asked last. */
export interface Watch {
  passedAt: number
  closed: Incident[]
  /** told of every incident, quarantine and outage that begins or ends */
  changed: (change: Change) => void
  /** id under which an incident that has just been opened is kept already; `null`: it is new */
  known: (incident: Incident) => string | null
}

/** A receipt of a message that is not known, and how often it was looked for again. */
export interface EarlyReceipt {
  provider: string
  receipt: Receipt
  looked: number
  /** Unix ms */
  nextAt: number
}

/** What every step of the life cycle works with. */
export interface Life {
  core: Core
  ledger: Ledger
  sender: Sender
  challenger: Challenger
  /** Unix ms */
  clock: () => number
  /** cryptographically secure bytes */
  random: (bytes: number) => Buffer
  /** key of the codes' HMAC, 32 bytes */
  codeSecret: Buffer
  /** idempotency keys whose first call is still at work in this process */
  inProgress: Set<string>
  /** records of what has happened that the ledger could not take yet */
  owed: (() => Promise<unknown>)[]
  /** receipts of messages that are not known yet */
  early: EarlyReceipt[]
  /** incidents and the detector's background pass */
  watch: Watch
  /** whether this gateway does what is done once for all of its cluster; alone it always does */
  leads: () => boolean
  /** other gateways work on the same ledger */
  shared: boolean
  /** time that one request waits for its stores, ms */
  requestMs: number
  /** told of faults that no caller should be told of */
  warn: (error: Error) => void
  /** told of every charge and settlement that reached the lines, for the snapshot */
  applied: (mark: string) => void
  /** charges that are on the lines and not in the ledger yet, by their marks, for the snapshot */
  unrecorded: Map<string, SettledRequest>
}

export const fail = (
  code: LifeErrorCode,
  message: string,
  retryAt?: number,
): { ok: false; error: LifeError } => ({
  ok: false,
  error: retryAt === undefined ? { code, message } : { code, message, retryAt },
})
export function unknownService({ core }: Life, name: string): ReturnType<typeof fail> {
  const meant = closest(name, Object.keys(core.policy.policy.services))
  const mend = meant === undefined ? 'add it under services:' : `did you mean "${meant}"?`
  return fail('unknown_service', `the policy names no service "${name.slice(0, 100)}"; ${mend}`)
}
export const ok = <T>(value: T): Result<T> => ({ ok: true, value })

/** Ids ascend with time: databases lay rows out by them. */
export const newId = (life: Life, prefix: IdPrefix): string =>
  timedId(prefix, life.clock(), life.random)
