import { type Address, readAddress } from './address.js'

/** A block of addresses, such as `10.0.0.0/8`. */
export interface Cidr {
  contains(address: Address): boolean
}

/**
 * @param text an address and the length of its prefix; without a length, that one address
 * @returns `null` when it is no block of addresses
 */
export function readCidr(text: string): Cidr | null {
  const [addressText = '', bitsText, ...rest] = text.trim().split('/')
  const base = readAddress(addressText)
  if (base === null || rest.length > 0) return null
  // The text of an IPv4 address in IPv6 counts the 96 bits before it.
  const offset = base.version === 4 && addressText.includes(':') ? 96 : 0
  const size = base.version === 4 ? 32 : 128
  const bits =
    bitsText === undefined ? size : /^\d{1,3}$/.test(bitsText) ? Number(bitsText) - offset : -1
  if (bits < 0 || bits > size) return null
  return {
    contains(address) {
      if (base.version === 4) {
        return address.version === 4 && samePrefix(base.value, address.value, bits)
      }
      if (address.version === 4) return false
      return base.groups.every((group, i) => {
        const inGroup = Math.min(16, Math.max(0, bits - i * 16))
        return samePrefix(group, address.groups[i] ?? 0, inGroup + 16)
      })
    },
  }
}

/** The first `bits` of two numbers of 32 bits are equal. */
function samePrefix(a: number, b: number, bits: number): boolean {
  return bits <= 0 || (a ^ b) >>> (32 - bits) === 0
}
