import { type Address, formatV4, formatV6, readAddress } from './address.js'

/** Key of the IP line: the v4 address, or the v6 /64. An IPv6 subscriber commands a /64 at least, so single addresses say nothing. */
export function ipKeyOf(address: Address, ip: string): string {
  if (address.version === 4) return ip
  const [a = 0, b = 0, c = 0, d = 0] = address.groups
  return `${formatV6([a, b, c, d, 0, 0, 0, 0])}/64`
}

/** The same for an address in canonical text; what is none is its own key. */
export function ipKeyOfText(ip: string): string {
  if (!ip.includes(':')) return ip
  const address = readAddress(ip)
  return address === null ? ip : ipKeyOf(address, ip)
}

/** Key of the subnet line: the v4 /24, or the v6 /48, which sites and hosting customers command. */
export function subnetKeyOf(address: Address): string {
  if (address.version === 4) return `${formatV4(address.value & 0xffffff00)}/24`
  const [a = 0, b = 0, c = 0] = address.groups
  return `${formatV6([a, b, c, 0, 0, 0, 0, 0])}/48`
}

/** The subnet that the key of an address lies in; a subnet's own key stays as it is. */
export function subnetOf(key: string): string {
  if (!key.endsWith('/64')) return key
  const address = readAddress(key.slice(0, -'/64'.length))
  return address === null ? key : subnetKeyOf(address)
}
