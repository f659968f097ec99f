import type { Attempt, AttemptEnd, Caller } from './record.js'

/** A client gives one attempt this long, ms: longer than any limit of the gateway's own. */
export const PATIENCE_MS = 30_000
const MOST_TRIES = 8
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2_000

/** Answers after which the same operation may be tried again. */
const AGAIN = new Set(['idempotency_in_progress', 'conflict', 'rate_limited'])

export interface Operation {
  by: Caller
  who: number
  to: string
  call: Attempt['call']
  /** the Idempotency-Key of starts and resends */
  operation: string
  verification: string | null
  path: string
  body: unknown
}

export interface Answered {
  end: Extract<AttemptEnd, { status: number }>
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API as it came
  body: any
}

export interface Client {
  /** Tries until there is a final answer; `null` when there was none in as many tries as a client has. */
  run(operation: Operation): Promise<Answered | null>
}

/**
 * What an application's own client does: a time limit for each attempt, the next gateway where one does not answer,
 * pauses that grow, and the same key again and again.
 * @param urls of the gateways
 * @param keep told of every attempt
 */
export function createClient(options: {
  urls: readonly string[]
  authorization: string
  random: () => number
  keep: (attempt: Attempt) => void
}): Client {
  const { urls, authorization, random, keep } = options
  let turn = 0

  async function attempt(operation: Operation, gateway: number): Promise<Answered | null> {
    const from = performance.now()
    const { by, who, to, call, verification, operation: key } = operation
    const done = (end: AttemptEnd) =>
      keep({
        by,
        who,
        to,
        gateway,
        call,
        operation: key,
        verification,
        from,
        until: performance.now(),
        end,
      })
    try {
      const answer = await fetch(`${urls[gateway]}${operation.path}`, {
        method: 'POST',
        signal: AbortSignal.timeout(PATIENCE_MS),
        headers: {
          authorization,
          'content-type': 'application/json',
          ...((call === 'start' || call === 'resend') && { 'idempotency-key': key }),
        },
        body: JSON.stringify(operation.body),
      })
      const text = await answer.text()
      const body = text.startsWith('{') ? JSON.parse(text) : {}
      const end = {
        status: answer.status,
        problem: answer.status >= 400 ? String(body.code ?? '') : null,
        id: body.id ?? body.verification?.id ?? null,
        state: body.verification?.status ?? (typeof body.status === 'string' ? body.status : null),
        verified: body.verified === true,
        degraded: body.decision?.degraded === true,
      }
      done(end)
      return { end, body }
    } catch (error) {
      done(failureOf(error))
      return null
    }
  }

  return {
    async run(operation) {
      const first = turn++
      for (let tried = 0; tried < MOST_TRIES; tried++) {
        const answered = await attempt(operation, (first + tried) % urls.length)
        if (answered !== null && !isPassing(answered)) return answered
        const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tried)
        await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + random())))
      }
      return null
    },
  }
}

const isPassing = ({ end }: Answered): boolean =>
  end.status >= 500 || (end.problem !== null && AGAIN.has(end.problem))

function failureOf(error: unknown): AttemptEnd {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } }
  if (name === 'TimeoutError') return { failed: 'gave up', detail: message }
  const detail = cause?.code ?? cause?.message ?? message
  return { failed: detail === 'ECONNREFUSED' ? 'refused' : 'broken', detail }
}
