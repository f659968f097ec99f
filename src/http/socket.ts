import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { MINUTE, SECOND } from '../engine/units.js'
import { TokenBucket } from './bucket.js'
import { type ErrorCode, errorEntry } from './errors.js'
import type { Metrics } from './metrics.js'

const BY_CODE: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: 'header_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

/**
 * Connections open at once. A proxy keeps some hundreds, and work stops at a few thousand requests (`pressure.ts`); ten
 * thousand that each hold back a whole body are 640 MB, which a gateway of 1.5 GB has left.
 */
export const MOST_CONNECTIONS = 10_000
/** Requests that wait on one connection. Browsers and proxies send the next one when the last is answered. */
const MOST_WAITING = 8
/** How long of an answer nothing may be taken, ms. */
const UNREAD_MS = 30_000

/** Connections beyond `most` are closed before anything is read of them: counted each, logged once a minute. */
export function boundConnections(
  app: FastifyInstance,
  most: number,
  metrics: Pick<Metrics, 'connectionDropped'>,
): void {
  const lines = new TokenBucket(SECOND / MINUTE, 1, performance.now())
  let dropped = 0
  app.server.maxConnections = most
  app.server.on('drop', () => {
    metrics.connectionDropped()
    dropped++
    if (lines.take(performance.now()) > 0) return
    app.log.warn({ dropped, most }, 'connections beyond server.maxConnections are dropped')
    dropped = 0
  })
}

/**
 * A caller who sends request after request and reads no answer is hung up on: all of them would be kept for him. Register
 * before what does something for a request.
 */
export function boundConnection(app: FastifyInstance): void {
  const open = new WeakMap<Socket, Set<ServerResponse>>()
  app.addHook('onRequest', ({ raw: { socket } }, { raw: response }, done) => {
    const waiting = open.get(socket) ?? endTogether(socket)
    open.set(socket, waiting)
    waiting.add(response)
    response.once('close', () => waiting.delete(response))
    if (waiting.size > MOST_WAITING) socket.destroy()
    // what else came in the same packet is left undone: Fastify waits for `done`
    if (!socket.destroyed) done()
  })
  app.addHook('onSend', (_request, { raw }, payload, done) => {
    raw.setTimeout(UNREAD_MS)
    done(null, payload)
  })
}

/** Node tells only the answer that is being sent that its connection is gone, and never those that wait behind it. */
function endTogether(socket: Socket): Set<ServerResponse> {
  const waiting = new Set<ServerResponse>()
  socket.once('close', () => {
    for (const response of waiting) if (response.socket === null) response.emit('close')
  })
  return waiting
}

/** Answers what never became a request: a broken head, one too large, one too slow. */
export function answerBrokenRequests(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const code = BY_CODE[error.code ?? ''] ?? 'malformed_request'
  const { status, title, mend } = errorEntry(code)
  const body = JSON.stringify({
    type: `urn:tollgate:error:${code}`,
    title,
    status,
    detail: mend,
    code,
  })
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status} ${title}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    )
  }
  socket.destroySoon()
}

/**
 * Of two Host headers node takes the first, and a proxy before us may have taken the second (RFC 9112, 3.2: refuse).
 * @param rawHeaders names and values in turn
 */
export function namesTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]
    if (name?.length === 4 && name.toLowerCase() === 'host' && ++hosts > 1) return true
  }
  return false
}
