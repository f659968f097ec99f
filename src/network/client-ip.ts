import { formatAddress, readAddress } from './address.js'
import { readCidr } from './cidr.js'

/** Which of the two headers the proxies write. */
export type ForwardingHeader = 'x-forwarded-for' | 'forwarded'

export interface TrustedProxies {
  readonly header: ForwardingHeader
  trusts(ip: string): boolean
}

export interface ProxyOptions {
  /**
   * The one header that the proxies write. The other one is whatever the client sent, so it is never read.
   * @default 'x-forwarded-for'
   */
  header?: ForwardingHeader
}

/** Headers as node gives them: names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** Longest chain of proxies believed; what stands left of it is the client's own invention. */
const MOST_HOPS = 32

/**
 * The proxies whose word about the client's address is taken. None by default.
 *
 * @param blocks addresses or CIDR blocks, such as `10.0.0.0/8`, `2001:db8::/32`
 * @throws on a block that cannot be read
 * @example
 * const proxies = trustedProxies(['10.0.0.0/8'])
 * clientIp({ 'x-forwarded-for': '203.0.113.9' }, '10.0.0.1', proxies) // '203.0.113.9'
 */
export function trustedProxies(
  blocks: readonly string[],
  { header = 'x-forwarded-for' }: ProxyOptions = {},
): TrustedProxies {
  const cidrs = blocks.map((block, i) => {
    const cidr = readCidr(block)
    if (cidr) return cidr
    throw new Error(
      `trusted proxy ${i + 1}, "${block}": write an address or a block of addresses, such as 10.0.0.0/8 or 2001:db8::/32`,
    )
  })
  return {
    header,
    trusts(ip) {
      const address = readAddress(ip)
      return address !== null && cidrs.some((cidr) => cidr.contains(address))
    },
  }
}

const NOBODY = trustedProxies([])

/**
 * The address of the client, in canonical text.
 *
 * From the connection's peer leftwards through the header that trusted proxies append to: the first address that is not
 * a trusted proxy's is the client's, since everything left of it is the client's own word. `null` when a trusted proxy
 * names no address or none that can be read: the proxy's own address would be one bucket for all clients behind it.
 *
 * @param remoteAddress peer of the connection, `socket.remoteAddress`
 */
export function clientIp(
  headers: Headers,
  remoteAddress: string | undefined,
  proxies: TrustedProxies = NOBODY,
): string | null {
  const peer = canonical(remoteAddress ?? '')
  if (peer === null || !proxies.trusts(peer)) return peer
  const hops = readHops(headers[proxies.header], proxies.header)
  let client: string | null = null
  for (const hop of hops.reverse().slice(0, MOST_HOPS)) {
    client = canonical(hop)
    if (client === null || !proxies.trusts(client)) return client
  }
  // Only trusted addresses: a request from inside, which began at the leftmost.
  return client
}

function readHops(
  value: string | readonly string[] | undefined,
  header: ForwardingHeader,
): string[] {
  const text = typeof value === 'string' ? value : (value ?? []).join(',')
  if (text.trim() === '') return []
  return header === 'forwarded' ? readForwarded(text) : text.split(',').map((hop) => hop.trim())
}

/** The `for` of each element of RFC 7239, '' where an element has none. */
function readForwarded(text: string): string[] {
  const elements = splitOutsideQuotes(text, ',')
  return elements.map((element) => {
    for (const pair of splitOutsideQuotes(element, ';')) {
      const match = /^\s*for\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))\s*$/i.exec(pair)
      if (match) return match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? ''
    }
    return ''
  })
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (quoted && c === '\\') i++
    else if (c === '"') quoted = !quoted
    else if (c === separator && !quoted) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  return [...parts, text.slice(start)]
}

/** Drops brackets and a port; `null` when no address is left, as with `unknown` and `_hidden`. */
function canonical(hop: string): string | null {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(hop)
  const withPort = /^([^:]*):\d{1,5}$/.exec(hop)
  const address = readAddress(bracketed?.[1] ?? withPort?.[1] ?? hop)
  return address && formatAddress(address)
}
