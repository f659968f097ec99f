import { DEFAULT_NUMBER_TYPES } from '../../engine/defaults.js'
import type { NumberFacts } from '../../engine/facts.js'
import { loadNumbering } from '../../phone/numbering.js'
import type { Phone } from '../../phone/parse.js'
import { readPlaces } from '../analyse/places.js'
import type { MessageLog } from '../message-log.js'

/** Why number validation would not send to a block. */
export const REFUSAL = { none: 0, invalid: 1, type: 2, unallocated: 3 } as const

const refusalOf = ({ problem, type, allocated }: NumberFacts): number => {
  if (problem !== null) return REFUSAL.invalid
  if (DEFAULT_NUMBER_TYPES[type] === 'deny') return REFUSAL.type
  return allocated ? REFUSAL.none : REFUSAL.unallocated
}

/** For each of the things that `starts` says where they begin, which it is: [0, 2, 5] gives 0 0 1 1 1. */
function expand(starts: Uint32Array, size: number): Uint32Array {
  const of = new Uint32Array(size)
  for (let i = 0; i + 1 < starts.length; i++) of.fill(i, starts[i], starts[i + 1])
  return of
}

/** A number as text; masked digits as fives, for zeros are often no number. */
const filled = (number: number, masked: number): string => {
  const digits = String(number)
  return `+${digits.slice(0, digits.length - masked)}${'5'.repeat(masked)}`
}

/** Country, operator and validity of every block of a log; whoever wants those of a message looks at its block. */
export function placesOf(log: MessageLog, { parse }: Phone) {
  const { number, masked } = log.columns
  const read = readPlaces(log.columns, log.size, loadNumbering())
  const { blockOf, operatorStart, countryStart, operators, countries } = read
  const blocks = read.blockKey.length
  const operatorOf = expand(operatorStart, blocks)
  const countryOfOperator = expand(countryStart, operators.length)
  const countryOf = operatorOf.map((operator) => countryOfOperator[operator] as number)
  const refusal = new Uint8Array(blocks)
  const looked = new Uint8Array(blocks)
  for (let row = 0; row < log.size; row++) {
    const block = blockOf[row] as number
    if (looked[block] === 1) continue
    looked[block] = 1
    refusal[block] = refusalOf(parse(filled(number[row] as number, masked[row] as number)))
  }
  return {
    read,
    /** per row */
    blockOf,
    /** per block: place in `operators`, `countries`, and one of REFUSAL */
    operatorOf,
    countryOf,
    refusal,
    operators,
    countries,
    countryOfRow: (row: number): number => countryOf[blockOf[row] as number] as number,
  }
}

export type Places = ReturnType<typeof placesOf>
