import type { Numbering } from '../../phone/numbering.js'
import { fromPlan, parseInFull } from '../../phone/parse.js'
import type { Columns } from '../message-log.js'
import { hashOfNumber } from './number-hash.js'

/** Numbers of a block: its last four digits are open. */
export const BLOCK_NUMBERS = 10_000
/** Above any block: a whole number has at most 15 digits. */
const KEYS = 1e11
const FIRST_SLOTS = 2 ** 14

/**
 * The ranges of a log, numbered so that the blocks of an operator, and the operators of a country, follow each other:
 * a pass over the rows grouped by block serves every level.
 */
export interface Places {
  /** per row */
  blockOf: Uint32Array
  /** per block: number without its last four digits */
  blockKey: Float64Array
  /** per block: digits beyond the last four that are masked */
  blockHidden: Uint8Array
  /** first block of each operator, and the number of blocks */
  operatorStart: Uint32Array
  /** first operator of each country, and the number of operators */
  countryStart: Uint32Array
  /** `NG/MTN`, as the engine keys operator ranges */
  operators: readonly string[]
  /** ISO 3166 alpha-2, or `+` and the calling code where no country has the number */
  countries: readonly string[]
}

/** Distinct numbers of up to 15 digits, numbered as they come. */
function createInterner() {
  let slots = new Uint32Array(FIRST_SLOTS)
  let keys = new Float64Array(FIRST_SLOTS / 2)
  let size = 0

  function find(key: number): number {
    const mask = slots.length - 1
    let slot = (hashOfNumber(key) >>> 6) & mask
    for (;;) {
      const id = slots[slot] as number
      if (id === 0 || keys[id - 1] === key) return slot
      slot = (slot + 1) & mask
    }
  }

  function grow(): void {
    const wider = new Float64Array(keys.length * 2)
    wider.set(keys)
    keys = wider
    slots = new Uint32Array(slots.length * 2)
    for (let id = 0; id < size; id++) slots[find(keys[id] as number)] = id + 1
  }

  return {
    place(key: number): number {
      const slot = find(key)
      const id = slots[slot] as number
      if (id > 0) return id - 1
      keys[size] = key
      slots[slot] = ++size
      if (size === keys.length) grow()
      return size - 1
    },
    get size(): number {
      return size
    },
    key: (id: number): number => keys[id] as number,
  }
}

/** Country and operator of a number; masked digits are tried as fives where zeros make no number. */
function ownerOf(numbering: Numbering, number: number, masked: number): [string, string] {
  const e164 = `+${number}`
  const filled = `${e164.slice(0, e164.length - masked)}${'5'.repeat(masked)}`
  const facts =
    fromPlan(numbering, e164) ??
    (masked > 0 ? fromPlan(numbering, filled) : null) ??
    parseInFull(numbering, masked > 0 ? filled : e164)
  const country = facts.country || `+${facts.callingCode || e164.slice(1, 4)}`
  return [country, facts.operatorRange || `${country}/`]
}

/** @param numbering walked once per distinct block */
export function readPlaces(columns: Columns, size: number, numbering: Numbering): Places {
  const blocks = createInterner()
  const blockOf = new Uint32Array(size)
  const samples: number[] = []
  for (let row = 0; row < size; row++) {
    const block = blocks.place(Math.floor((columns.number[row] as number) / BLOCK_NUMBERS))
    if (block === samples.length) samples.push(row)
    blockOf[row] = block
  }

  const names = new Map<string, { country: string; key: string; blocks: number[] }>()
  samples.forEach((row, block) => {
    const masked = columns.masked[row] as number
    const [country, key] = ownerOf(numbering, columns.number[row] as number, masked)
    const name = `${country} ${key}`
    const known = names.get(name)
    if (known === undefined) names.set(name, { country, key, blocks: [block] })
    else known.blocks.push(block)
  })
  const owners = [...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, owner]) => owner)

  const newId = new Uint32Array(blocks.size)
  const blockKey = new Float64Array(blocks.size)
  const blockHidden = new Uint8Array(blocks.size)
  const operatorStart = new Uint32Array(owners.length + 1)
  const countries: string[] = []
  const countryStart: number[] = []
  let next = 0
  owners.forEach((owner, operator) => {
    operatorStart[operator] = next
    if (countries.at(-1) !== owner.country) {
      countries.push(owner.country)
      countryStart.push(operator)
    }
    const sorted = Float64Array.from(owner.blocks, (b) => blocks.key(b) % KEYS).sort()
    for (const key of sorted) {
      const old = blocks.place(key)
      newId[old] = next
      blockKey[next] = key
      blockHidden[next] = Math.max(0, (columns.masked[samples[old] ?? 0] as number) - 4)
      next++
    }
  })
  operatorStart[owners.length] = next
  countryStart.push(owners.length)
  for (let row = 0; row < size; row++) blockOf[row] = newId[blockOf[row] as number] as number
  return {
    blockOf,
    blockKey,
    blockHidden,
    operatorStart,
    countryStart: Uint32Array.from(countryStart),
    operators: owners.map(({ key }) => key),
    countries,
  }
}

/** A block as an E.164 prefix. */
export const blockName = (places: Places, block: number): string => {
  const digits = String(places.blockKey[block])
  return `+${digits.slice(0, digits.length - (places.blockHidden[block] as number))}`
}
