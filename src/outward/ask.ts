import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { type Guard, NOT_PUBLIC } from './guard.js'

export interface Reply {
  status: number
  headers: IncomingMessage['headers']
  text: string
  /** `false` when the body was cut: too long, or the connection or the time ended within it */
  complete: boolean
}

export interface AskOptions {
  guard: Guard
  /** longest body of an answer that is read, bytes */
  mostBytes: number
  /** connections are used again, for as long as the other end allows and 4 s at most. @default false */
  keepAlive?: boolean
}

/** @throws Error of the connection, or with code `ERR_NOT_PUBLIC` and words for the operator where the guard refuses */
export type Ask = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string | Uint8Array },
  signal: AbortSignal,
) => Promise<Reply>

/** Idle connections are dropped before usual servers (5 s and more) do: a request must not meet the end of one. */
const IDLE_MS = 4_000

/**
 * The one way by which the gateway asks others over HTTP: guarded, with a bound on what is read. Redirects are answers
 * like any other: they would lead to an address that nobody configured and nobody judged.
 */
export function createAsk({ guard, mostBytes, keepAlive = false }: AskOptions): Ask {
  const kept = { keepAlive, timeout: IDLE_MS, scheduling: 'lifo' } as const
  const http = keepAlive ? new HttpAgent(kept) : false
  const https = keepAlive ? new HttpsAgent(kept) : false

  return async (address, { method, headers, body }, signal) => {
    const problem = guard.problem(address)
    if (problem !== null) throw Object.assign(new Error(problem), { code: NOT_PUBLIC })
    const url = new URL(address)
    const secure = url.protocol === 'https:'
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = (secure ? httpsRequest : httpRequest)(url, {
        ...{ method, signal, agent: secure ? https : http, ...guard.connect },
        headers: {
          'user-agent': 'Tollgate',
          accept: '*/*',
          ...headers,
          ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
        },
      })
      request.on('error', reject)
      request.on('response', resolve)
      request.end(body)
    })
    const { statusCode: status = 0, headers: answered } = response
    return { status, headers: answered, ...(await readBounded(response, mostBytes)) }
  }
}

/** The status counts even where its body stalls: a refusal stays a refusal. */
async function readBounded(
  response: IncomingMessage,
  mostBytes: number,
): Promise<{ text: string; complete: boolean }> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  let complete = true
  try {
    // leaving the loop ends the connection
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      bytes += chunk.length
      complete = bytes <= mostBytes
      if (!complete) break
      chunks.push(chunk)
    }
  } catch {
    // The connection or the time ended within the body: `complete` says so.
    complete = false
  }
  return { text: Buffer.concat(chunks).toString('utf8'), complete }
}
