import type { Socket } from 'node:net'
import { type ErrorCode, errorEntry } from './errors.js'

const BY_CODE: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: 'header_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
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
