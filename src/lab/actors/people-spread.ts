import { loadNumbering } from '../../phone/numbering.js'
import { createRandom, type Random } from '../random.js'

/** How tightly operators of a country, and blocks of an operator, keep to its conversion: a and b of their beta add up to it. */
const KAPPA = { operators: 120, blocks: 60 }

/** Gamma of shape 1 or more, by Marsaglia and Tsang, "A simple method for generating gamma variables" (2000). */
function gamma(shape: number, random: Random): number {
  const d = shape - 1 / 3
  for (;;) {
    const x = Math.log(random.lognormal(1, 1))
    const v = (1 + x / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v
  }
}

/** Beta of a mean between 1 / kappa and 1 - 1 / kappa. */
export function beta(mean: number, kappa: number, random: Random): number {
  const a = gamma(Math.max(1, mean * kappa), random)
  return a / (a + gamma(Math.max(1, (1 - mean) * kappa), random))
}

/** FNV-1a over the characters. */
export function hashOf(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/**
 * Conversion of the block of a number: blocks differ about their operator, operators about the country. Drawn from the
 * block's own digits, so that nothing of it need be remembered.
 */
export function createSpread(seed: number) {
  const numbering = loadNumbering()
  const operators = new Map<string, number>()
  return (e164: string, country: string, conversion: number): number => {
    const key = `${country} ${numbering.walk(e164).operatorId || e164.slice(0, 6)}`
    let mean = operators.get(key)
    if (mean === undefined) {
      mean = beta(conversion, KAPPA.operators, createRandom(hashOf(key, seed)))
      operators.set(key, mean)
    }
    return beta(mean, KAPPA.blocks, createRandom(hashOf(e164.slice(0, -4), seed)))
  }
}
