import { RIGHTS } from './rights.js'

/** Why Redis did not do what it was asked. */
export const FAULTS = {
  unreachable:
    'see that it runs, and that address, port and firewall let this gateway reach it; if it speaks TLS, write rediss://',
  refused: `check user and password in the address of lines, and the ACL of that user: it needs the keys ~tollgate:* and the commands ${RIGHTS.join(', ')}`,
  untrusted:
    'its certificate is of an authority that is not known here: name that one with ?sslrootcert=/path/to/ca.crt',
  expired: 'renew its certificate; if it is new, look at the clock of this machine',
  misnamed:
    'connect to a name that its certificate is for, or say with ?sslname= which name the certificates of all servers have',
  unknown:
    'if it wants to see a certificate of this gateway, give one with ?sslcert=/path&sslkey=/path, or set tls-auth-clients no there',
  clear:
    'see that host and port are right, and that the port is that of tls-port: one without TLS answers nothing',
  readonly:
    'this is a replica: name the primary, or use redis+sentinel:// so that the primary is found after a failover',
  full: 'it has reached maxmemory and may not evict: raise maxmemory (about 200 bytes a line), or set maxmemory-policy to volatile-ttl',
  slow: 'it answers later than the time limit: look at SLOWLOG, at its CPU and at the network',
  loading: 'it is loading its data after a start; it will answer when it is done',
  cluster: 'some slots of the cluster are served by nobody: bring back a primary or its replica',
  failed: 'look at the log of Redis',
} as const
export type Fault = keyof typeof FAULTS

/** The shared store of lines did not do what it was asked. Names the server and never its password. */
export class RedisLinesError extends Error {
  override readonly name = 'RedisLinesError'
  readonly hint: string
  constructor(
    readonly fault: Fault,
    server: string,
    cause?: unknown,
  ) {
    const said = cause instanceof Error ? firstLine(cause.message) : ''
    super(
      `lines: ${server} is ${WORDS[fault]}${said === '' ? '' : ` (${said})`}; ${FAULTS[fault]}`,
      {
        cause,
      },
    )
    this.hint = FAULTS[fault]
  }
}

const WORDS: Record<Fault, string> = {
  unreachable: 'not reachable',
  refused: 'refusing this gateway',
  untrusted: 'not trusted',
  expired: 'not trusted',
  misnamed: 'not the server that was asked for',
  unknown: 'refusing this gateway',
  clear: 'not answering in TLS',
  readonly: 'read-only',
  full: 'full',
  slow: 'too slow',
  loading: 'loading',
  cluster: 'incomplete',
  failed: 'failing',
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 200)

const BY_REPLY: readonly [RegExp, Fault][] = [
  [/certificate has expired|CERT_HAS_EXPIRED/, 'expired'],
  [/does not match certificate's altnames|ERR_TLS_CERT_ALTNAME_INVALID/, 'misnamed'],
  [
    /self[- ]signed certificate|unable to (verify|get)( the first| local issuer| issuer)? certificate/,
    'untrusted',
  ],
  [/alert (certificate required|handshake failure|bad certificate|unknown ca)/i, 'unknown'],
  [/wrong version number|packet length too long/, 'clear'],
  [
    /\b(WRONGPASS|NOAUTH|NOPERM)\b|invalid password|no password|ACL failure|can't run this command|can't access/i,
    'refused',
  ],
  [/^READONLY|-READONLY|read only/i, 'readonly'],
  [/^OOM|-OOM|OOM command/i, 'full'],
  [/^LOADING|^MASTERDOWN/, 'loading'],
  [/CLUSTERDOWN|Too many Cluster redirections|refresh slots cache/i, 'cluster'],
  [/timed? ?out/i, 'slow'],
  [
    /ECONN|ENOTFOUND|EHOST|EPIPE|ETIMEDOUT|Connection is closed|sentinels are unreachable|isn't writeable|max retries/i,
    'unreachable',
  ],
]

export function faultOf(error: unknown): Fault {
  const text =
    error instanceof Error ? `${error.message} ${'code' in error ? String(error.code) : ''}` : ''
  return BY_REPLY.find(([pattern]) => pattern.test(text))?.[1] ?? 'failed'
}
