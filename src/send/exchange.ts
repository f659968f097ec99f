import type { lookup as systemLookup } from 'node:dns'
import { createAsk } from '../outward/ask.js'
import { createGuard, type Guard, NOT_PUBLIC } from '../outward/guard.js'
import { traceparent } from '../tracing/traceparent.js'

/** Longest answer that is read, bytes. Answers to a message have a few hundred; more is a fault or an attack. */
export const MAX_ANSWER_BYTES = 64 * 1024

export interface Answer {
  kind: 'answer'
  status: number
  text: string
  /** `false` when the body was cut: too long, or the connection or the time ended within it */
  complete: boolean
}

/** No answer: the time limit passed or the connection failed. */
export interface Silence {
  kind: 'silence'
  detail: string
  /** the request may have reached the provider */
  mayHaveBeenSent: boolean
}

/** Where a provider may be. */
export interface Place {
  /** also in a private network, and by plain http: a sidecar, a gateway of one's own. @default false */
  allowPrivate?: boolean
  /** @default the system's */
  lookup?: typeof systemLookup
}

/** @param key what the URL is called in the configuration */
export const providerGuard = (key: string, { allowPrivate = false, lookup }: Place = {}): Guard =>
  createGuard({
    ...{ allowPrivate, setting: `allowPrivate: true beside ${key}` },
    ...(lookup && { lookup }),
  })

export type Exchange = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
  signal: AbortSignal,
) => Promise<Answer | Silence>

/**
 * HTTP requests to a provider, over connections that are kept. Redirects are not followed: they would carry the number
 * and the code, and often the credentials, to an address nobody configured.
 */
export function createExchange(guard: Guard): Exchange {
  const ask = createAsk({ guard, mostBytes: MAX_ANSWER_BYTES, keepAlive: true })
  return async (url, init, signal) => {
    try {
      const headers = { ...traceparent(), ...init.headers }
      const { status, text, complete } = await ask(url, { ...init, headers }, signal)
      return { kind: 'answer', status, text, complete }
    } catch (error) {
      if (signal.aborted) {
        return { kind: 'silence', detail: 'no answer within the time limit', mayHaveBeenSent: true }
      }
      const code = codeOf(error)
      const what =
        code === NOT_PUBLIC ? (error as Error).message : (code ?? 'the request could not be made')
      return {
        kind: 'silence',
        detail: `connection failed: ${what}`,
        mayHaveBeenSent: code !== null && !neverWritten(error),
      }
    }
  }
}

interface NetworkError {
  code?: string
  syscall?: string
  errors?: unknown[]
  cause?: unknown
}

/** What happened may be wrapped in `cause`; several addresses of one host are in `errors`. */
function rootsOf(error: unknown): NetworkError[] {
  if (typeof error !== 'object' || error === null) return []
  const { cause, errors } = error as NetworkError
  if (cause) return rootsOf(cause)
  return errors?.length ? errors.flatMap(rootsOf) : [error as NetworkError]
}

function codeOf(error: unknown): string | null {
  return rootsOf(error).find(({ code }) => typeof code === 'string')?.code ?? null
}

/** Failed while finding the host, connecting or in the TLS handshake: not a byte of the message was written. */
function neverWritten(error: unknown): boolean {
  return rootsOf(error).every(
    ({ code = '', syscall }) =>
      syscall === 'connect' ||
      syscall === 'getaddrinfo' ||
      code === NOT_PUBLIC ||
      // headers or paths that HTTP has no way to write
      /^ERR_(INVALID_|UNESCAPED_)/.test(code) ||
      /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(code),
  )
}
