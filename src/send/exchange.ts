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

/**
 * One HTTP request to a provider. Redirects are not followed: they would carry the number and the code, and
 * often the credentials, to an address nobody configured.
 */
export async function exchange(
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
  signal: AbortSignal,
): Promise<Answer | Silence> {
  try {
    const headers = { ...traceparent(), ...init.headers }
    const response = await fetch(url, { ...init, headers, redirect: 'manual', signal })
    return { kind: 'answer', status: response.status, ...(await readBounded(response)) }
  } catch (error) {
    if (signal.aborted) {
      return { kind: 'silence', detail: 'no answer within the time limit', mayHaveBeenSent: true }
    }
    const code = codeOf(error)
    return {
      kind: 'silence',
      detail: `connection failed: ${code ?? 'the request could not be made'}`,
      mayHaveBeenSent: code !== null && !neverWritten(error),
    }
  }
}

/** The status counts even where its body stalls: a refusal stays a refusal. */
async function readBounded(response: Response): Promise<{ text: string; complete: boolean }> {
  const reader = response.body?.getReader()
  if (!reader) return { text: '', complete: true }
  const chunks: Uint8Array[] = []
  let bytes = 0
  let complete = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) {
        complete = true
        break
      }
      bytes += value.length
      if (bytes > MAX_ANSWER_BYTES) {
        await reader.cancel()
        break
      }
      chunks.push(value)
    }
  } catch {
    // The connection or the time ended within the body: `complete` stays false and says so.
    complete = false
  }
  return { text: Buffer.concat(chunks).toString('utf8'), complete }
}

interface NetworkError {
  code?: string
  syscall?: string
  errors?: unknown[]
  cause?: unknown
}

/** `fetch` wraps what happened in `cause`, and several addresses of one host in `errors`. */
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
      code === 'UND_ERR_CONNECT_TIMEOUT' ||
      /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/.test(code),
  )
}
