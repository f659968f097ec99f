import type { Money } from './money.js'
import type { Sessions } from './sessions.js'
import type { Traffic } from './traffic.js'

/** P(pumped) from which a message counts as unclear, probably and surely pumped. */
const CERTAINTY = { unclear: 0.1, probably: 0.5, surely: 0.95 } as const

export interface CertaintySums {
  /** per row: 0 fine, 1 unclear, 2 probably, 3 surely */
  certainty: Uint8Array
  probability: Float32Array
  /** money of each class, and messages expected to be pumped */
  sums: { fine: number; unclear: number; probably: number; surely: number; messages: number }
  /** money expected to be pumped */
  value: number
}

/** P(pumped) of every message: that of its session. */
export function certaintyOf(t: Traffic, { first }: Sessions, money: Money): CertaintySums {
  const size = first.length
  const probability = new Float32Array(size)
  const certainty = new Uint8Array(size)
  for (let i = 0; i < t.row.length; i++) probability[t.row[i] as number] = t.pumped[i] as number
  const classes = [0, 0, 0, 0]
  let messages = 0
  let value = 0
  for (let row = 0; row < size; row++) {
    const p = probability[first[row] as number] as number
    probability[row] = p
    const sure =
      p >= CERTAINTY.surely ? 3 : p >= CERTAINTY.probably ? 2 : p >= CERTAINTY.unclear ? 1 : 0
    const price = money.priceOf(row)
    certainty[row] = sure
    classes[sure] = (classes[sure] as number) + price
    messages += p
    value += p * price
  }
  const [fine = 0, unclear = 0, probably = 0, surely = 0] = classes
  return { certainty, probability, sums: { fine, unclear, probably, surely, messages }, value }
}
