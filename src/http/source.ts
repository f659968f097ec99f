import { formatV4, formatV6, readAddress } from '../network/address.js'

/** Key under which a source address is counted: a v4 address, or the /64 that one v6 client has to itself. */
export function sourceKey(ip: string): string {
  const address = readAddress(ip)
  if (address === null) return ip
  if (address.version === 4) return formatV4(address.value)
  return `${formatV6([...address.groups.slice(0, 4), 0, 0, 0, 0])}/64`
}
