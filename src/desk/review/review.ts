import { maskNumber } from '../../engine/mask.js'
import { DAY } from '../../engine/units.js'
import { collection } from '../../ledger/collection.js'
import type { RequestRow } from '../../ledger/rows.js'
import { requestAgain } from '../../verify/rows.js'
import type { LifeError } from '../../verify/types.js'
import type { UpkeepJob } from '../../verify/upkeep.js'
import type { DeskParts } from '../parts.js'
import type { ReviewAnswer, ReviewState } from './review-state.js'

/** What a person answered; kept beside the records of the request. */
export interface KeptReview {
  answer: ReviewAnswer
  state: ReviewState | 'deciding'
  by: { id: string; name: string }
  at: number
  service: string
  country: string
  /** masked */
  number: string
  /** of a decide-only request: the decision that let it through; outcomes are reported for it */
  decisionId: string | null
  /** why it was not let through */
  reason: string | null
}

export interface Held {
  request: RequestRow
  expiresAt: number
}

export type Answered =
  | { ok: true; review: KeptReview }
  | { ok: false; error: LifeError | { code: 'not_found'; message: string } }

/** Held requests that are looked at for one answer, newest first. */
const PAGE = 200
const MAX_PAGES = 5
/** Rows of the time just before are looked for again: they are written in groups. */
const OVERLAP_MS = 10_000
const LOOK_MS = 5_000
/** Answers stay for as long as anybody asks about them. */
const KEPT_MS = 90 * DAY

/** Requests that wait for a person. */
export function createReview(parts: DeskParts) {
  const { ledger, gate, live, clock } = parts
  const answers = collection<KeptReview>(ledger, 'review')

  const expiryOf = (request: RequestRow): number =>
    request.at + (gate.policy.service(request.service)?.policy.review.expiresMs ?? 0)

  /** held requests that may still wait, and until when they were looked for */
  const found = new Map<string, RequestRow>()
  let lookedAt = Number.NEGATIVE_INFINITY
  let complete = true

  /** Held requests that may still wait, oldest first. Only what is new since the last time is looked for. */
  async function asked(): Promise<{ requests: RequestRow[]; complete: boolean }> {
    const now = clock()
    const { services, fallback } = gate.policy.policy
    const longest = Math.max(
      ...Object.values(services).map(({ review }) => review.expiresMs),
      fallback?.review.expiresMs ?? 0,
    )
    const all = now < lookedAt || lookedAt < now - longest
    const from = all ? now - longest : lookedAt - OVERLAP_MS
    let before: number | undefined
    let whole = false
    for (let page = 0; page < MAX_PAGES && !whole; page++) {
      const answer = await ledger.search({
        verdict: 'hold',
        from,
        limit: PAGE,
        ...(before !== undefined && { before }),
      })
      for (const row of answer.rows) found.set(row.id, row)
      whole = answer.next === null
      before = answer.next ?? undefined
    }
    complete = whole && (all || complete)
    lookedAt = now
    for (const [id, { at }] of found) if (at <= now - longest) found.delete(id)
    return { requests: [...found.values()].sort((a, b) => a.at - b.at), complete }
  }

  /** Until when a held request can be answered; `null` when it cannot any more. */
  async function waitsUntil(request: RequestRow): Promise<number | null> {
    const now = clock()
    if (request.verdict !== 'hold') return null
    if (request.kind === 'decision') {
      const until = expiryOf(request)
      return until <= now || (await answers.get(request.id)) !== null ? null : until
    }
    const verification =
      request.verificationId === null ? null : await ledger.verification(request.verificationId)
    if (verification === null || verification.requestId !== request.id) return null
    return verification.status === 'held' && verification.expiresAt > now
      ? verification.expiresAt
      : null
  }

  async function record(request: RequestRow, answer: ReviewAnswer, by: KeptReview['by']) {
    const row = {
      at: clock(),
      actor: by.id,
      action: `review.${answer}`,
      target: request.id,
      detail: {
        service: request.service,
        country: request.country,
        number: maskNumber(request.number),
      },
    }
    await ledger.commit([{ table: 'actions', row }])
  }

  const blank = (request: RequestRow, answer: ReviewAnswer, by: KeptReview['by']): KeptReview => ({
    answer,
    state: answer === 'refuse' ? 'refused' : 'deciding',
    by: { id: by.id, name: by.name },
    at: clock(),
    service: request.service,
    country: request.country,
    number: maskNumber(request.number),
    decisionId: null,
    reason: null,
  })

  /** A decide-only request: the answer itself is the claim, so that of two people one has an effect. */
  async function answerDecision(
    request: RequestRow,
    answer: ReviewAnswer,
    by: KeptReview['by'],
  ): Promise<Answered> {
    if (answer === 'approve' && !request.number.startsWith('+'))
      return refused('conflict', 'numbers are kept as hashes here; allow it and let it ask again')
    const review = blank(request, answer, by)
    const row = { id: request.id, at: review.at, expiresAt: review.at + KEPT_MS }
    if (!(await answers.put({ ...row, value: review }, 0)))
      return refused('not_held', 'somebody else has answered it')
    await record(request, answer, by)
    if (answer === 'refuse') return { ok: true, review }
    const decided = await gate.decide({ ...requestAgain(request), reviewed: true })
    if (!decided.ok) {
      // nothing was charged: it waits again
      await answers.remove(request.id)
      return decided
    }
    const { verdict, id, reasons } = decided.value
    const done: KeptReview =
      verdict === 'allow'
        ? { ...review, state: 'approved', decisionId: id }
        : { ...review, state: 'denied', decisionId: id, reason: reasons[0]?.code ?? null }
    await answers.put({ ...row, value: done })
    return { ok: true, review: done }
  }

  async function answerVerification(
    request: RequestRow,
    verificationId: string,
    answer: ReviewAnswer,
    by: KeptReview['by'],
  ): Promise<Answered> {
    const result = await gate.review(verificationId, answer)
    if (!result.ok) return result
    const { status } = result.value
    const state = answer === 'refuse' ? 'refused' : status === 'denied' ? 'denied' : 'approved'
    const last =
      state === 'denied' ? (await ledger.requests({ verificationId, limit: 1 }))[0] : undefined
    const review: KeptReview = {
      ...blank(request, answer, by),
      state,
      reason: last?.reasons[0]?.code ?? null,
    }
    await answers.put({
      id: request.id,
      at: review.at,
      value: review,
      expiresAt: review.at + KEPT_MS,
    })
    await record(request, answer, by)
    return { ok: true, review }
  }

  /** Who looks at the queue is told when somebody joins it, or waits no longer. */
  let told = ''
  const jobs: UpkeepJob[] = [
    {
      everyMs: LOOK_MS,
      async run() {
        const { held } = await waiting()
        const now = held.map(({ request }) => request.id).join()
        if (now !== told) live.emit('review', { waiting: held.length })
        told = now
      },
    },
  ]

  async function waiting(): Promise<{ held: Held[]; complete: boolean }> {
    const { requests, complete } = await asked()
    const held: Held[] = []
    for (const request of requests) {
      const expiresAt = await waitsUntil(request)
      if (expiresAt !== null) held.push({ request, expiresAt })
    }
    return { held, complete }
  }

  return {
    jobs,
    /** Requests that wait, oldest first; at most some hundreds. */
    waiting,
    isWaiting: async (request: RequestRow) => (await waitsUntil(request)) !== null,
    /** Answers given, newest first. */
    async answered(limit: number, before?: { at: number; id: string }) {
      const found = await answers.list({ limit, ...(before !== undefined && { before }) })
      return found.map(({ id, value }) => ({ id, ...value }))
    },
    /** What became of a held request, for whoever asked; `null` when it was not held. */
    async outcomeOf(
      request: RequestRow,
    ): Promise<{ state: ReviewState; expiresAt: number; decisionId: string | null } | null> {
      if (request.verdict !== 'hold') return null
      const expiresAt = expiryOf(request)
      const answer = (await answers.get(request.id))?.value ?? null
      // whoever was deciding may have died: nobody waits for him for ever
      if (answer === null || answer.state === 'deciding') {
        const state = expiresAt > clock() ? 'waiting' : 'expired'
        return { state, expiresAt, decisionId: null }
      }
      return { state: answer.state, expiresAt, decisionId: answer.decisionId }
    },
    /** Approves or refuses a held request. Of two people who answer at once, one has an effect. */
    async answer(id: string, answer: ReviewAnswer, by: KeptReview['by']): Promise<Answered> {
      const request = await ledger.request(id)
      if (request === null) return refused('not_found', 'no such request')
      if ((await waitsUntil(request)) === null)
        return refused('not_held', 'it was answered, has expired or was never held')
      const done =
        request.kind === 'decision' || request.verificationId === null
          ? await answerDecision(request, answer, by)
          : await answerVerification(request, request.verificationId, answer, by)
      if (done.ok) live.emit('review', { id, state: done.review.state })
      return done
    },
  }
}

export type Review = ReturnType<typeof createReview>

const refused = (code: 'not_found' | 'not_held' | 'conflict', message: string): Answered => ({
  ok: false,
  error: { code, message },
})
