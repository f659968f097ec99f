import { type MessageLog, OUTCOME, STATUS } from '../message-log.js'
import { findDuplicates } from './duplicates.js'
import type { ReadRow } from './row-reader.js'

/** Messages kept in memory, some 45 bytes each; of a longer log a share of its blocks is kept. */
export const MOST_MESSAGES = 40_000_000

/** Fewest of the blocks that are kept: one in a million. */
const MOST_THINNED = (1 << 20) - 1

/** Clocks that are off and times without a zone may be half a day ahead; a day is not. */
const AHEAD = 86_400_000
const MINUTE = 60_000

export interface Total {
  rows: number
  /** millionths of the currency */
  micro: number
  /** messages without a price */
  unpriced: number
}

/** Takes messages into the log: nothing from the future, no duplicates, and no more than fit. */
export function createIntake(
  log: MessageLog,
  {
    now,
    most = MOST_MESSAGES,
    keepDuplicates = false,
  }: { now: number; most?: number; keepDuplicates?: boolean },
) {
  const latest = now + AHEAD
  const totals = new Map<string, Total>()
  let lastCurrency: string | null = null
  let lastTotal: Total = { rows: 0, micro: 0, unpriced: 0 }
  /** of 2^n blocks one is kept: those with 0 in these bits of their hash */
  let mask = 0
  let duplicates = 0
  let updates = 0
  /** first row of what came from files whose rows are events, and the row behind the last */
  let eventRows: [from: number, to: number][] = []
  let openRange: [from: number, to: number] | null = null
  let full = most
  /** first row of each file */
  let fileRows: number[] = []

  function totalOf(currency: string): Total {
    if (currency === lastCurrency) return lastTotal
    let total = totals.get(currency)
    if (total === undefined) {
      total = { rows: 0, micro: 0, unpriced: 0 }
      totals.set(currency, total)
    }
    lastCurrency = currency
    lastTotal = total
    return total
  }

  function add(total: Total, micro: number, times: 1 | -1): void {
    total.rows += times
    if (Number.isNaN(micro)) total.unpriced += times
    else total.micro += times * micro
  }

  const currencyAt = (row: number): string =>
    log.currencies[log.columns.currency[row] as number] ?? ''

  /** A later row of the same message may know more than the first. */
  function merge(first: number, row: number): void {
    const { status, outcome, priceMicro, currency } = log.columns
    add(totalOf(currencyAt(row)), priceMicro[row] as number, -1)
    const final = status[row] === STATUS.delivered || status[row] === STATUS.failed
    if (final && (status[first] as number) <= STATUS.sent) status[first] = status[row] as number
    if (outcome[first] === OUTCOME.unknown) outcome[first] = outcome[row] as number
    if (Number.isNaN(priceMicro[first]) && !Number.isNaN(priceMicro[row])) {
      add(totalOf(currencyAt(first)), Number.NaN, -1)
      priceMicro[first] = priceMicro[row] as number
      currency[first] = currency[row] as number
      add(totalOf(currencyAt(first)), priceMicro[first] as number, 1)
    }
  }

  const fileOf = (row: number): number => fileRows.findLastIndex((from) => row >= from)

  /** Whether times without ids are of whole minutes: who asks twice in one is asked for twice and no duplicate. */
  function isCoarse(): boolean {
    const { at, id } = log.columns
    for (let row = 0; row < log.size; row++)
      if (id[row] === 0 && (at[row] as number) % MINUTE !== 0) return false
    return true
  }

  function dropDuplicates(): void {
    let dropped: Uint8Array | null = null
    const coarse = isCoarse()
    findDuplicates(log, (row, first) => {
      // one that another file holds as well is one
      if (coarse && log.columns.id[row] === 0 && fileOf(row) === fileOf(first)) return
      const update = eventRows.some(([from, to]) => row >= from && row < to)
      if (update) updates++
      else duplicates++
      if (keepDuplicates && !update) return
      dropped ??= new Uint8Array(log.size)
      dropped[row] = 1
      merge(first, row)
    })
    const gone = dropped as Uint8Array | null
    if (gone !== null) log.retain((row) => gone[row] === 0)
  }

  /** Makes room by keeping the messages of half of the blocks, as often as it takes. */
  function thin(): void {
    dropDuplicates()
    const { number } = log.columns
    while (log.size > most / 2 && mask < MOST_THINNED) {
      mask = mask * 2 + 1
      log.retain((row) => (blockHash(number[row] as number) & mask) === 0)
    }
    // a single block can be larger than that
    full = Math.max(most, log.size + most / 2)
    fileRows = [0]
    eventRows = eventRows.length > 0 ? [[0, log.size]] : []
    if (openRange === null) return
    openRange = [log.size, Number.POSITIVE_INFINITY]
    eventRows.push(openRange)
  }

  return {
    totals: totals as ReadonlyMap<string, Total>,
    /** one block in so many is in the log */
    get sampled(): number {
      return mask + 1
    },
    /** The rows that come are of another file. */
    beginFile(): void {
      fileRows.push(log.size)
    },
    reserve(rows: number): void {
      log.reserve(Math.min(most, log.size + rows))
    },
    /** @returns false for a message from the future */
    take(row: ReadRow): boolean {
      if (row.at > latest) return false
      add(totalOf(row.currency), row.priceMicro, 1)
      if (mask !== 0 && (blockHash(row.number) & mask) !== 0) return true
      log.addHashed(row, row.id)
      if (log.size >= full) thin()
      return true
    },
    /** The rows from `from` on, and those that come, are events. @returns what ends it */
    events(): () => void {
      openRange = [log.size, Number.POSITIVE_INFINITY]
      eventRows.push(openRange)
      return () => {
        if (openRange !== null) openRange[1] = log.size
        openRange = null
      }
    },
    /** Before the log is used. @returns rows that repeat a message, and later states of one */
    finish(): { duplicates: number; updates: number } {
      dropDuplicates()
      return { duplicates, updates }
    },
  }
}

export type Intake = ReturnType<typeof createIntake>

/** Hash of a number without its last four digits, so that a block is kept whole or not at all. */
function blockHash(number: number): number {
  const block = Math.floor(number / 10_000)
  let hash = Math.imul(block | 0, 0x9e3779b1) ^ (block / 4_294_967_296)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return hash ^ (hash >>> 13)
}
