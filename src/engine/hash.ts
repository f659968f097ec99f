/**
 * 64-bit hash of a string in two 32-bit halves, seeded. Keys that strangers choose (device ids) are hashed with a
 * secret seed, so that nobody can aim two keys at one place. Two multiply-xorshift lanes over UTF-16 units (after
 * MurmurHash3's finaliser); not cryptographic.
 */
const hashHalves = { high: 0, low: 0 }

export function hash64(text: string, seed: number): typeof hashHalves {
  let a = seed ^ 0x9e3779b9
  let b = seed ^ 0x85ebca6b
  const length = text.length
  // two units a step; a last odd one is told from a pair ending in NUL by the length, which is mixed in too
  for (let i = 0; i < length; i += 2) {
    const pair = text.charCodeAt(i) | (i + 1 < length ? text.charCodeAt(i + 1) << 16 : 0)
    a = Math.imul(a ^ pair, 0x9e3779b1)
    a = (a << 15) | (a >>> 17)
    b = Math.imul(b ^ pair, 0x5f356495)
    b = (b << 13) | (b >>> 19)
  }
  a ^= length
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  hashHalves.high = (a ^ (a >>> 16)) >>> 0
  hashHalves.low = (b ^ (b >>> 16)) >>> 0
  return hashHalves
}
