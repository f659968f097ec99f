import { createHmac } from 'node:crypto'
import { issueChallenge } from './challenge.js'
import { fail, type Life, ok } from './context.js'
import { otherChannels } from './dispatch.js'
import { recordedDecision, viewOf } from './rows.js'
import type { Result, StartResult } from './types.js'

/** An idempotency key keeps its answer this long. */
const IDEMPOTENCY_MS = 24 * 60 * 60_000
/**
 * From when a gateway of the cluster that put a key and recorded nothing counts as dead: recording takes it some ms,
 * and stores that are slower than this have failed it already. Should it go on all the same, the second record of the
 * same verification is refused before its message leaves.
 */
const IN_FLIGHT_MS = 10_000

/** What is put with a key before any work. */
interface Claim {
  fingerprint: string
  id: string
  /** Unix ms; absent in keys of earlier releases */
  at?: number
}

export interface Once<T> {
  /** whose key it is, and for what: keys of two callers, or of a start and a resend, never meet */
  scope: string
  key: string
  /** what was asked: the same key with another question is a mistake */
  asked: unknown
  /** verification or decision that the work makes or changes */
  id: string
  /** @param id this call's, or that of a first call which died before it recorded anything */
  work: (id: string) => Promise<Result<T>>
  /**
   * The first answer once more, and no second effect; `null` where nothing was recorded, `UNDONE` where that effect was
   * taken back: then the key is free for another one.
   */
  again: (id: string) => Promise<Result<T> | typeof UNDONE | null>
}

export const UNDONE = Symbol('undone')

/**
 * At most one effect per key. The key is put before any work, with the id the work will have; whoever comes second
 * finds what it made, or takes over when the first never got to record one (then nothing was sent either).
 */
export async function once<T>(life: Life, task: Once<T>): Promise<Result<T>> {
  const { scope, key, asked, id, work, again } = task
  const place = `${scope}:${key}`
  // keyed: a number has too few values for a plain hash of the request to hide it at rest
  const fingerprint = createHmac('sha256', life.codeSecret)
    .update(JSON.stringify(asked))
    .digest('base64url')
  if (life.inProgress.has(place)) return inProgress()
  life.inProgress.add(place)
  try {
    const now = life.clock()
    const value = JSON.stringify({ fingerprint, id, at: now } satisfies Claim)
    const stored = await life.ledger.putIfAbsent(
      'idempotency',
      place,
      value,
      now + IDEMPOTENCY_MS,
      now,
    )
    if (stored === null) return await tried(life, place, await work(id))
    const first = JSON.parse(stored) as Claim
    if (first.fingerprint !== fingerprint) {
      return fail(
        'idempotency_mismatch',
        'this key was used for a different request; use a new key per request',
      )
    }
    const answer = await again(first.id)
    // no key has a space: of those who come after it was undone, again one alone makes an effect
    if (answer === UNDONE)
      return await once(life, { ...task, key: `${key.split(' ', 1)[0]} ${first.id}` })
    if (answer !== null) return answer
    if (life.shared && now - (first.at ?? 0) < IN_FLIGHT_MS) return inProgress()
    return await tried(life, place, await work(first.id))
  } finally {
    life.inProgress.delete(place)
  }
}

const inProgress = () =>
  fail(
    'idempotency_in_progress',
    'the first request with this key is still at work; retry in a second',
  )

/** Whatever was refused had no effect: it gives its key back, and the retry is a new try. */
async function tried<T>(life: Life, place: string, result: Result<T>): Promise<Result<T>> {
  if (!result.ok) await life.ledger.remove('idempotency', place)
  return result
}

/** The same verification as it stands, and its last decision. */
export async function verificationAgain(
  life: Life,
  id: string,
): Promise<Result<StartResult> | null> {
  const row = await life.ledger.verification(id)
  const request = row === null ? null : await life.ledger.request(row.requestId)
  if (row === null || request === null) return null
  const decision = recordedDecision(request)
  const challenge =
    row.status === 'challenge_required'
      ? await issueChallenge(life, row, decision.utilisation)
      : null
  return ok({
    verification: viewOf(row),
    decision,
    challenge,
    channels: row.status === 'sent' ? [] : otherChannels,
  })
}
