/** An IPv4 address as a number from 0 to 2^32 - 1. */
export interface AddressV4 {
  version: 4
  value: number
}

/** An IPv6 address as eight groups of 16 bits. */
export interface AddressV6 {
  version: 6
  groups: readonly number[]
}

export type Address = AddressV4 | AddressV6

/** The longest text of an address (45 characters) and of a zone behind it. */
const LONGEST = 80

/**
 * Reads an address; `null` for anything else. An IPv4 address in IPv6 (`::ffff:192.0.2.1`) is read as the IPv4 one, so
 * that one client has one key, and a zone (`%eth0`) is dropped. IPv4 is four decimal numbers: octal, hexadecimal and short
 * forms, which programs read differently, are refused.
 */
export function readAddress(text: string): Address | null {
  if (text.length > LONGEST) return null
  if (!text.includes(':')) {
    const value = readV4(text)
    return value < 0 ? null : { version: 4, value }
  }
  const zone = text.indexOf('%')
  const groups = readV6(text, zone < 0 ? text.length : zone)
  if (groups === null || zone === text.length - 1) return null
  const [a, b, c, d, e, f] = groups
  const mapped = f === 0xffff && a === 0 && b === 0 && c === 0 && d === 0 && e === 0
  return mapped ? { version: 4, value: join(groups[6], groups[7]) } : { version: 6, groups }
}

/** Canonical text: IPv4 in dotted decimals, IPv6 as RFC 5952 says. */
export function formatAddress(address: Address): string {
  return address.version === 4 ? formatV4(address.value) : formatV6(address.groups)
}

export function formatV4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`
}

export function formatV6(groups: readonly number[]): string {
  let from = 8
  let longest = 1
  for (let i = 0, zeros = 0; i < 8; i++) {
    zeros = groups[i] === 0 ? zeros + 1 : 0
    if (zeros > longest) {
      longest = zeros
      from = i + 1 - zeros
    }
  }
  let text = ''
  for (let i = 0; i < 8; i++) {
    if (i === from) {
      text += '::'
      i += longest - 1
    } else {
      if (i > 0 && i !== from + longest) text += ':'
      text += (groups[i] ?? 0).toString(16)
    }
  }
  return text
}

/** Two groups of 16 bits as one number of 32. */
export function join(high = 0, low = 0): number {
  return high * 0x10000 + low
}

const DOT = 46
const COLON = 58
const ZERO = 48

/** -1 when the text is no IPv4 address. */
function readV4(text: string): number {
  let value = 0
  let octet = -1
  let octets = 0
  for (let i = 0; i <= text.length; i++) {
    const c = i === text.length ? DOT : text.charCodeAt(i)
    if (c === DOT) {
      if (octet < 0) return -1
      value = value * 256 + octet
      octets++
      octet = -1
      continue
    }
    const digit = c - ZERO
    if (digit < 0 || digit > 9 || octet === 0) return -1
    octet = octet < 0 ? digit : octet * 10 + digit
    if (octet > 255) return -1
  }
  return octets === 4 ? value : -1
}

/** Eight groups of the first `end` characters, `null` when they are no IPv6 address. */
function readV6(text: string, end: number): number[] | null {
  const groups = [0, 0, 0, 0, 0, 0, 0, 0]
  let count = 0
  let gap = -1
  let at = 0
  if (text.startsWith('::')) {
    gap = 0
    at = 2
  }
  while (at < end) {
    if (count === 8) return null
    const start = at
    let group = 0
    for (let digit = 0; at < end && at - start < 4; at++) {
      digit = hexDigit(text.charCodeAt(at))
      if (digit < 0) break
      group = group * 16 + digit
    }
    if (at < end && text.charCodeAt(at) === DOT) {
      const value = count > 6 ? -1 : readV4(text.slice(start, end))
      if (value < 0) return null
      groups[count++] = value >>> 16
      groups[count++] = value & 0xffff
      at = end
      break
    }
    if (at === start) return null
    groups[count++] = group
    if (at === end) break
    if (text.charCodeAt(at++) !== COLON || at === end) return null
    if (text.charCodeAt(at) === COLON) {
      if (gap >= 0) return null
      gap = count
      at++
    }
  }
  if (gap < 0) return count === 8 ? groups : null
  if (count === 8) return null
  for (let to = 7, from = count - 1; from >= gap; to--, from--) {
    groups[to] = groups[from] ?? 0
    groups[from] = 0
  }
  return groups
}

function hexDigit(code: number): number {
  if (code >= ZERO && code <= 57) return code - ZERO
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
