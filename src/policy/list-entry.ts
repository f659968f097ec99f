import { isIP } from 'node:net'

export const LIST_ENTRY_HINT =
  'write a number (+2348031234567), a range (+23480*), an address, a subnet (203.0.113.0/24, 2001:db8::/48 or /64), AS64500, device:x or account:x'

/**
 * An entry of the allow and deny lists in the one spelling that matching knows, or `null`. Subnets have the sizes that
 * sources are keyed by: /24, /48 and /64. A bare `*` matches everybody and is no entry.
 */
export function listEntry(text: string): string | null {
  if (/^\+[1-9][0-9]{0,14}\*?$/.test(text))
    return text.length > 4 || text.endsWith('*') ? text : null
  if (/^AS[1-9][0-9]{0,9}$/i.test(text)) return text.toUpperCase()
  if (/^(device|account):.{1,256}$/.test(text)) return text
  const [address = '', length, more] = text.split('/')
  if (more !== undefined) return null
  const family = isIP(address)
  if (family === 4) {
    if (length === undefined) return address
    return length === '24' && address.endsWith('.0') ? text : null
  }
  if (family !== 6 || address.includes('%')) return null
  // WHATWG URLs write v6 addresses in their canonical form (RFC 5952)
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  if (length === undefined) return canonical
  const sized = (length === '48' || length === '64') && canonical.endsWith('::')
  return sized ? `${canonical}/${length}` : null
}
