import { hash64 } from './hash.js'

const BITS = 8
const REGISTERS = 1 << BITS
/** Bias constant of HyperLogLog for 256 registers (Flajolet et al. 2007). */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS)

/** A distinct count in 256 bytes; standard error 1.04/sqrt(256) = 6.5 %. */
export const createSketch = (): Uint8Array => new Uint8Array(REGISTERS)

export function addToSketch(sketch: Uint8Array, value: string): void {
  const { high, low } = hash64(value, 0)
  const register = high >>> (32 - BITS)
  const rank = Math.clz32(low) + 1
  if (rank > (sketch[register] as number)) sketch[register] = rank
}

export function estimate(sketch: Uint8Array): number {
  let sum = 0
  let empty = 0
  for (const rank of sketch) {
    sum += 2 ** -rank
    if (rank === 0) empty++
  }
  const raw = (ALPHA * REGISTERS * REGISTERS) / sum
  return raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw
}
