import { DAY, MINUTE, SECOND } from '../../engine/units.js'
import type { Potential, TrafficRow } from '../../lab/traffic.js'
import type { RecordedOutcome, RecordedRow } from './recorded-row.js'

/** A recorded request as traffic: what would happen if its code were sent. */
export interface ReplayRow {
  row: TrafficRow
  recorded: RecordedRow
  /** the code came back, or the number verified by another path within a day, and nobody called it fraud */
  person: boolean
  /** nothing went out and the number did not verify: what would have become of it is not known */
  unknown: boolean
}

interface Entry {
  recorded: RecordedRow
  outcome: RecordedOutcome
  /** somebody solved the challenge it met */
  solved: boolean
  retryOf: string | null
  personAfterMs: number | null
}

/** A number that verifies within this time after it was refused was a person's. */
const PERSON_MS = DAY
/** Codes of a replay are entered within ten minutes or not at all. */
const LATEST_MS = 10 * MINUTE - SECOND
/** Requests that wait for what the next day says of them; of more the oldest go without. */
const MAX_WAITING = 150_000

/** Turns records into traffic. Rows come in order of time and leave in it, a day behind. */
export function createAssembly() {
  let queue: Entry[] = []
  let first = 0
  const byVerification = new Map<string, { opening: Entry; last: Entry }>()
  /** those that were not sent, by service and number */
  const refused = new Map<string, Entry[]>()

  const numberOf = ({ service, number }: RecordedRow): string => `${service}|${number}`

  /** A later send of the same verification. @returns whether the entry says all of it */
  function joined(recorded: RecordedRow): boolean {
    const { verificationId, kind, outcome, verdict } = recorded
    if (kind !== 'resend' || verificationId === null) return false
    const known = byVerification.get(verificationId)
    if (known === undefined || known.opening.outcome.what !== 'none') return false
    // the request itself met a challenge or waited for review: what followed is what became of it
    const { opening } = known
    if (opening.recorded.verdict === 'challenge' && verdict !== 'challenge') opening.solved = true
    opening.outcome = outcome
    return true
  }

  function retryOf({ verificationId, kind }: RecordedRow): string | null {
    if (kind !== 'resend' || verificationId === null) return null
    return byVerification.get(verificationId)?.last.recorded.id ?? null
  }

  /** Whoever was refused here before and verifies now was a person. */
  function proven(recorded: RecordedRow, afterMs: number): void {
    const key = numberOf(recorded)
    for (const entry of refused.get(key) ?? []) {
      if (entry.recorded.at >= recorded.at - PERSON_MS) entry.personAfterMs ??= afterMs
    }
    refused.delete(key)
  }

  function drop(entry: Entry): void {
    const { verificationId } = entry.recorded
    if (verificationId !== null && byVerification.get(verificationId)?.last === entry)
      byVerification.delete(verificationId)
    const key = numberOf(entry.recorded)
    const others = refused.get(key)?.filter((other) => other !== entry)
    if (others === undefined) return
    if (others.length === 0) refused.delete(key)
    else refused.set(key, others)
  }

  function* release(until: number): Generator<ReplayRow> {
    for (let entry = queue[first]; entry !== undefined; entry = queue[first]) {
      if (entry.recorded.at > until && queue.length - first <= MAX_WAITING) break
      first++
      drop(entry)
      yield replayRow(entry)
    }
    if (first > 10_000) {
      queue = queue.slice(first)
      first = 0
    }
  }

  return {
    *push(recorded: RecordedRow): Generator<ReplayRow> {
      const { outcome } = recorded
      if (outcome.what === 'verified' && !outcome.fraud) proven(recorded, outcome.afterMs)
      if (!joined(recorded)) {
        const entry: Entry = {
          recorded,
          outcome,
          solved: false,
          retryOf: retryOf(recorded),
          personAfterMs: null,
        }
        queue.push(entry)
        const { verificationId } = recorded
        if (verificationId !== null) {
          const known = byVerification.get(verificationId)
          byVerification.set(verificationId, { opening: known?.opening ?? entry, last: entry })
        }
        if (outcome.what === 'none' && recorded.number !== '') {
          const key = numberOf(recorded)
          const others = refused.get(key)
          if (others === undefined) refused.set(key, [entry])
          else others.push(entry)
        }
      }
      yield* release(recorded.at - PERSON_MS)
    },
    /** Whatever still waits. */
    rest: (): Generator<ReplayRow> => release(Number.POSITIVE_INFINITY),
  }
}

function replayRow({ recorded, outcome, solved, retryOf, personAfterMs }: Entry): ReplayRow {
  const verified = outcome.what === 'verified'
  const afterMs = verified ? outcome.afterMs : personAfterMs
  const person = verified ? !outcome.fraud : personAfterMs !== null
  const failed = outcome.what === 'failed' || outcome.what === 'unsent'
  // people solve what they are asked to; of the others only those who did
  const solves = solved || person
  const potential: Potential = {
    deliveredMs: outcome.what === 'failed' ? outcome.afterMs : null,
    deliveryError: failed ? outcome.what : null,
    verifiedMs: afterMs === null ? null : Math.min(afterMs, LATEST_MS),
    solves: { pow: solves, captcha: solves, channel: solves },
    activates: verified && outcome.activated,
  }
  const { id, at, service, number, ip, deviceId, accountId, sessionId, userAgent } = recorded
  const { priceMicroUsd } = recorded
  return {
    row: {
      ...{ id, at, service, to: number, ip, deviceId, accountId, sessionId, userAgent },
      ...{ sessionAgeMs: null, precedingEvents: null, priceMicroUsd, retryOf, potential },
    },
    recorded,
    person,
    unknown: outcome.what === 'none' && !person,
  }
}
