import { readAddress } from '../network/address.js'
import { readCidr } from '../network/cidr.js'

/**
 * Addresses that are no place on the public internet, by the IANA special-purpose registries of IPv4 and IPv6 (RFC 6890
 * and its updates), with multicast. Those that carry an IPv4 address inside (NAT64, SIIT, 6to4, Teredo) are among them:
 * they would lead round the list.
 */
const NOT_PUBLIC = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  // of IPv6 the public internet is 2000::/3 and nothing else (RFC 4291, section 2.4)
  ...['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
].map((text) => {
  const block = readCidr(text)
  if (block === null) throw new Error(`${text} is no block of addresses`)
  return block
})

/** The address is one of the public internet; `false` for anything that is none. */
export function isPublicAddress(text: string): boolean {
  const address = readAddress(text)
  return address !== null && !NOT_PUBLIC.some((block) => block.contains(address))
}
