import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { type Fault, faultOf, RedisLinesError } from './fault.js'

/** What the address says of TLS, in the words of PostgreSQL's addresses. */
export interface TlsFiles {
  /** certificate of the authority that signed the server's. @default those that Node.js comes with */
  sslrootcert?: string
  /** certificate and key of this gateway: Redis asks its clients for one unless `tls-auth-clients no` */
  sslcert?: string
  sslkey?: string
  /** the name that every server's certificate has, where it is not the host that is connected to */
  sslname?: string
}

/**
 * Reads the files once: a certificate that is renewed is taken up at the next start.
 * @throws Error that names the file that cannot be read
 */
export function tlsOf({ sslrootcert, sslcert, sslkey, sslname }: TlsFiles): ConnectionOptions {
  if ((sslcert === undefined) !== (sslkey === undefined))
    throw new Error('lines: sslcert and sslkey go together, a certificate and its key')
  return {
    ...(sslrootcert !== undefined && { ca: read('sslrootcert', sslrootcert) }),
    ...(sslcert !== undefined && { cert: read('sslcert', sslcert) }),
    ...(sslkey !== undefined && { key: read('sslkey', sslkey) }),
    ...(sslname !== undefined && { servername: sslname }),
  }
}

/** What says less than the last error of the connection. */
const VAGUE: ReadonlySet<Fault> = new Set(['failed', 'unreachable', 'cluster', 'slow'])
export const isVague = (error: unknown): boolean => VAGUE.has(faultOf(error))

/**
 * Why a connection never was one. Where it should have been TLS: a server without it waits for the end of a line that
 * never comes, and one that asks in vain for a certificate closes before its alert is read.
 */
export function openingError(
  cause: unknown,
  server: string,
  tls: TlsFiles | null,
): RedisLinesError {
  if (cause instanceof RedisLinesError && tls === null) return cause
  const fault = cause instanceof RedisLinesError ? cause.fault : faultOf(cause)
  return new RedisLinesError(tls === null ? fault : overTls(fault, cause, tls), server, cause)
}

function overTls(fault: Fault, cause: unknown, { sslcert }: TlsFiles): Fault {
  if (fault === 'slow') return 'clear'
  const said = cause instanceof Error ? cause.message : ''
  const isClosed = fault === 'unreachable' && /ECONNRESET|EPIPE|closed|disconnected/.test(said)
  return isClosed && sslcert === undefined ? 'unknown' : fault
}

function read(name: keyof TlsFiles, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    throw new Error(
      `lines: ${name}: the file ${file} cannot be read (${code}). Check its path and rights`,
      { cause },
    )
  }
}
