import { median } from '../../engine/median.js'
import { DAY, MINUTE } from '../../engine/units.js'
import { timeOrder } from '../analyse/time-order.js'
import type { MessageLog } from '../message-log.js'
import { type Chains, chainsOf } from './chains.js'

/** How a billed message was found in the send log. */
export const HOW = { not: 0, id: 1, number: 2, count: 3, twice: 4 } as const

export interface Match {
  /** per billed row: row of the send log, -1 for none */
  partner: Int32Array
  /** per billed row: one of HOW */
  how: Uint8Array
  /** per row of the send log: 1 when it was billed */
  billed: Uint8Array
  /** rows of both by time */
  invoiceOrder: Uint32Array
  sendOrder: Uint32Array
  /** the invoice's clock minus the send log's, ms: another time zone */
  offsetMs: number
  toleranceMs: number
}

/** Pairs from which the difference of two clocks is told, and how many of them must agree on it. */
const CLOCK_PAIRS = 30
const CLOCK_AGREE = 0.8
const CLOCK_SAMPLE = 20_000
/** Time zones lie so far apart. */
const ZONE_MS = 15 * MINUTE
/** Last digits that blocks leave open. */
const BLOCK_DIGITS = 4

const atOf = (log: MessageLog, row: number): number => log.columns.at[row] as number

/** Times that are all midnight are days. */
function isDaily({ columns, size }: MessageLog): boolean {
  for (let row = 0; row < size; row++) if ((columns.at[row] as number) % DAY !== 0) return false
  return size > 0
}

const backwards = (order: Uint32Array, wanted: (row: number) => boolean): Uint32Array =>
  order.filter(wanted).reverse()

/** By how much the invoice's times are shifted: only a whole quarter of an hour that most pairs agree on counts. */
function clockOffset(pairs: readonly number[], toleranceMs: number): number {
  if (pairs.length < CLOCK_PAIRS) return 0
  const middle = median([...pairs])
  const zone = Math.round(middle / ZONE_MS) * ZONE_MS
  const agree = pairs.filter((delta) => Math.abs(delta - zone) <= toleranceMs).length
  return agree >= CLOCK_AGREE * pairs.length ? zone : 0
}

/** Differences of time between billed and sent where the number leaves no doubt: it was sent to once. */
function clockPairs(invoice: MessageLog, sent: MessageLog, open: Uint32Array, of: Chains) {
  const pairs: number[] = []
  const step = Math.max(1, Math.floor(open.length / CLOCK_SAMPLE))
  for (let i = 0; i < open.length; i += step) {
    const row = open[i] as number
    const first = of.first(invoice.columns.number[row] as number)
    if (first >= 0 && (of.next[first] as number) === -1)
      pairs.push(atOf(invoice, row) - atOf(sent, first))
  }
  return pairs
}

/**
 * Finds each billed message in the send log: by its id; else by number and time, the earliest that is left within the
 * tolerance, which pairs as many as can be paired; where last digits are masked, by how many were sent to a block on a
 * day.
 */
export function match(invoice: MessageLog, sent: MessageLog, toleranceMs: number): Match {
  const partner = new Int32Array(invoice.size).fill(-1)
  const how = new Uint8Array(invoice.size)
  const billed = new Uint8Array(sent.size)
  const invoiceOrder = timeOrder(invoice.columns.at, invoice.size)
  const sendOrder = timeOrder(sent.columns.at, sent.size)
  const pair = (row: number, found: number, by: number): void => {
    partner[row] = found
    how[row] = by
    billed[found] = 1
  }

  matchIds()
  const isOpen = (row: number): boolean => how[row] === HOW.not
  const daily = isDaily(invoice) || isDaily(sent)
  // a day of one side may be the night before or after of the other
  const within = daily ? DAY : toleranceMs
  const timeOf = (log: MessageLog, row: number): number =>
    daily ? Math.floor(atOf(log, row) / DAY) * DAY : atOf(log, row)
  const isWhole = (log: MessageLog, row: number): boolean => log.columns.masked[row] === 0
  const byNumber = chainsOf(
    sent.columns.number,
    backwards(sendOrder, (row) => billed[row] === 0 && isWhole(sent, row)),
  )
  const open = invoiceOrder.filter((row) => isOpen(row) && isWhole(invoice, row))
  const offsetMs = daily ? 0 : clockOffset(clockPairs(invoice, sent, open, byNumber), toleranceMs)
  for (const row of open) {
    const number = invoice.columns.number[row] as number
    const at = timeOf(invoice, row) - offsetMs
    // billed ones come in the order of time: what is too old for this one is too old for all that follow
    let found = byNumber.first(number)
    while (found >= 0 && timeOf(sent, found) < at - within) {
      byNumber.drop(number)
      found = byNumber.first(number)
    }
    if (found < 0 || timeOf(sent, found) > at + within) continue
    byNumber.drop(number)
    pair(row, found, HOW.number)
  }

  matchCounts()
  return { partner, how, billed, invoiceOrder, sendOrder, offsetMs, toleranceMs: within }

  /** Its index is gone before the next one is made. */
  function matchIds(): void {
    const ids = sent.columns.id
    const byId = chainsOf(
      ids,
      backwards(sendOrder, (row) => ids[row] !== 0),
    )
    for (const row of invoiceOrder) {
      const id = invoice.columns.id[row] as number
      const match = id === 0 ? -1 : byId.first(id)
      if (match === -1) continue
      if (billed[match] === 0) pair(row, match, HOW.id)
      else {
        how[row] = HOW.twice
        partner[row] = match
      }
    }
  }

  /** Masked on one side at least: as many as were sent to the block on the day. */
  function matchCounts(): void {
    const masks = (log: MessageLog): number => {
      let most = 0
      for (let row = 0; row < log.size; row++)
        most = Math.max(most, log.columns.masked[row] as number)
      return most
    }
    const masked = Math.max(masks(invoice), masks(sent))
    if (masked === 0) return
    const unit = 10 ** Math.max(BLOCK_DIGITS, masked)
    const keyOf = (log: MessageLog, row: number, shift: number): string =>
      `${Math.floor((log.columns.number[row] as number) / unit)} ${Math.floor((atOf(log, row) - shift) / DAY)}`
    const left = new Map<string, number[]>()
    for (const row of sendOrder) {
      if (billed[row] === 1) continue
      const key = keyOf(sent, row, 0)
      const rows = left.get(key)
      if (rows === undefined) left.set(key, [row])
      else rows.push(row)
    }
    for (const rows of left.values()) rows.reverse()
    for (const row of invoiceOrder) {
      if (!isOpen(row)) continue
      const found = left.get(keyOf(invoice, row, offsetMs))?.pop()
      if (found !== undefined) pair(row, found, HOW.count)
    }
  }
}
