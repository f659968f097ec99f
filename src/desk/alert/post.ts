import type { lookup as systemLookup } from 'node:dns'
import { SECOND } from '../../engine/units.js'
import { createAsk } from '../../outward/ask.js'
import { createGuard, type Guard } from '../../outward/guard.js'

/** Longest answer that is read, bytes: sinks say what is wrong in a few hundred. */
const MOST_ANSWER = 16_384
const TIMEOUT_MS = 10_000

export interface PostAnswer {
  status: number
  text: string
  /** how long it asks to be left alone, ms */
  retryAfterMs?: number
}

/** One POST to an address that an operator gave. @throws Error with words for the operator when there is no answer */
export type Post = (
  url: string,
  message: { headers: Record<string, string>; body: string },
) => Promise<PostAnswer>

export interface PostOptions {
  /** sinks in private networks, and without TLS, are allowed */
  allowPrivate: boolean
  /** aborts what is under way */
  signal: AbortSignal
  /** @default 10 s */
  timeoutMs?: number
  /** @default the system's */
  lookup?: typeof systemLookup
}

const SETTING = 'allowPrivateSinks: true in the deployment file'

/** Where sinks may be. */
export const sinkGuard = (options: Pick<PostOptions, 'allowPrivate' | 'lookup'>): Guard =>
  createGuard({ ...options, setting: SETTING })

/** Where mail is handed in: RFC 5321, RFC 6409, RFC 8314; 2525 by custom. */
const SMTP_PORTS = [25, 465, 587, 2525]

/**
 * Servers of mail usually are in the private network. What keeps a sink from knocking at anything else there, and from
 * reading in the console what it says, is the port. @returns words for the operator; `null` when it may be tried
 */
export const smtpProblem = (port: number, allowPrivate: boolean): string | null =>
  allowPrivate || SMTP_PORTS.includes(port)
    ? null
    : `is none of ${SMTP_PORTS.join(', ')}; another port needs ${SETTING}`

/** Posts to sinks, without being led astray. */
export function createPost(options: PostOptions): Post {
  const { signal, timeoutMs = TIMEOUT_MS } = options
  const ask = createAsk({ guard: sinkGuard(options), mostBytes: MOST_ANSWER })

  return async (url, message): Promise<PostAnswer> => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const { status, text, headers } = await ask(url, { method: 'POST', ...message }, limit).catch(
      (error: unknown) => {
        throw limit.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error
      },
    )
    if (status >= 300 && status < 400)
      throw new Error(
        `it answered ${status}, a redirect, which is not followed: give the final URL`,
      )
    const retryAfterMs = readRetryAfter(headers['retry-after'])
    return { status, text, ...(retryAfterMs !== null && { retryAfterMs }) }
  }
}

/** Seconds, or a date (RFC 9110, section 10.2.3). @returns ms from now; `null` for anything else */
function readRetryAfter(text = ''): number | null {
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now())
}
