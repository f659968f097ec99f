import type { Judged } from './judged.js'
import type { Potentials } from './potential.js'
import type { Asked, Rule } from './rule.js'
import type { Survey } from './survey.js'
import { createTally, newPart, type Part, type Tally } from './tally.js'

export interface Ruled {
  rule: Rule
  tally: Tally
}

/** Runs every message of a log through rules, each by itself, in one pass over the columns. */
export function runRules(
  { log, places, prices }: Survey,
  { order, probability, certainty }: Judged,
  potentials: Potentials,
  rules: readonly Rule[],
): { ruled: Ruled[]; seen: readonly [Part, Part] } {
  const { at, number, masked, ip } = log.columns
  const ruled = rules.map((rule): Ruled => ({ rule, tally: createTally() }))
  const part = newPart()
  const asked: Asked = {
    at: 0,
    number: 0,
    masked: 0,
    ip: 0,
    block: 0,
    country: 0,
    price: 0,
    probability: 0,
    verified: false,
  }
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number
    const p = probability[row] as number
    const fine = certainty[row] === 0
    const block = places.blockOf[row] as number
    asked.at = at[row] as number
    asked.number = number[row] as number
    asked.masked = masked[row] as number
    asked.ip = ip[row] as number
    asked.block = block
    asked.country = places.countryOf[block] as number
    asked.price = prices.billed(row)
    asked.probability = p
    asked.verified = potentials.verifies(row)
    const fraudMicro = p * asked.price
    part.rows++
    part.fraudMicro += fraudMicro
    if (fine) part.fine++
    for (const { rule, tally } of ruled) if (rule.stops(asked)) tally.stopped(0, fraudMicro, fine)
  }
  return { ruled, seen: [part, newPart()] }
}
