/** 32 bits of a whole number up to 2^53, spread (Fibonacci hashing, Knuth 6.4): its high bits are the good ones. */
export function hashOfNumber(value: number): number {
  return Math.imul(value ^ Math.floor(value / 4_294_967_296), 0x9e3779b1) >>> 0
}
