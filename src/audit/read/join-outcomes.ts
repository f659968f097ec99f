import { type MessageLog, OUTCOME } from '../message-log.js'
import { createPlaces } from './places.js'

/** A code is entered within so long, or its user asks for another: the usual life of a code. */
const WITHIN = 10 * 60_000
/** The clock of who verifies may be so much behind the provider's. */
const SKEW = 60_000

/**
 * Writes outcomes into a log, by id where ids agree, else by number and time: a verification belongs to the last message to
 * its number in the ten minutes before. What the outcomes cover and do not name is unverified; before and after it
 * nothing is known.
 *
 * @returns how many outcomes met a message
 */
export function joinOutcomes(log: MessageLog, outcomes: MessageLog): number {
  const messageOf = new Int32Array(outcomes.size).fill(-1)
  joinIds(log, outcomes, messageOf)
  for (const masked of maskings(log)) joinNumbers(log, outcomes, messageOf, masked)

  let met = 0
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (let i = 0; i < outcomes.size; i++) {
    const row = messageOf[i] as number
    const time = outcomes.columns.at[i] as number
    const at = time > 0 ? time : row === -1 ? Number.NaN : (log.columns.at[row] as number)
    if (at < from) from = at
    if (at > to) to = at
    if (row === -1) continue
    met++
    const outcome = outcomes.columns.outcome[i] as number
    // verified by one account of it is verified
    if (log.columns.outcome[row] !== OUTCOME.verified || outcome === OUTCOME.verified)
      log.columns.outcome[row] = outcome
  }
  if (met === 0) return 0
  for (let row = 0; row < log.size; row++) {
    const at = log.columns.at[row] as number
    if (log.columns.outcome[row] === OUTCOME.unknown && at >= from - WITHIN && at <= to)
      log.columns.outcome[row] = OUTCOME.unverified
  }
  return met
}

function joinIds(log: MessageLog, outcomes: MessageLog, messageOf: Int32Array): void {
  const places = createPlaces(outcomes.size)
  let ids = 0
  for (let i = 0; i < outcomes.size; i++) {
    const id = outcomes.columns.id[i] as number
    if (id === 0) continue
    places.put(id, i)
    ids++
  }
  if (ids === 0) return
  for (let row = 0; row < log.size; row++) {
    const id = log.columns.id[row] as number
    if (id === 0) continue
    const first = places.get(id)
    if (first !== -1) messageOf[first] = row
  }
  // the same id may be told of twice
  for (let i = 0; i < outcomes.size; i++) {
    const id = outcomes.columns.id[i] as number
    if (id !== 0 && messageOf[i] === -1) messageOf[i] = messageOf[places.get(id)] as number
  }
}

function maskings(log: MessageLog): number[] {
  const found = new Set<number>()
  for (let row = 0; row < log.size; row++) found.add(log.columns.masked[row] as number)
  return [...found]
}

/** @param masked for the messages whose last so many digits are masked: outcomes lose the same */
function joinNumbers(
  log: MessageLog,
  outcomes: MessageLog,
  messageOf: Int32Array,
  masked: number,
): void {
  const { at, number } = outcomes.columns
  const unit = 10 ** masked
  const key = (i: number): number => Math.floor((number[i] as number) / unit) * unit
  const order = new Uint32Array(outcomes.size)
  let open = 0
  for (let i = 0; i < outcomes.size; i++)
    if (
      messageOf[i] === -1 &&
      (at[i] as number) > 0 &&
      (number[i] as number) > 0 &&
      (outcomes.columns.masked[i] as number) <= masked
    )
      order[open++] = i
  const sorted = order
    .subarray(0, open)
    .sort((a, b) => key(a) - key(b) || (at[a] as number) - (at[b] as number))
  const places = createPlaces(open)
  for (let i = open - 1; i >= 0; i--) places.put(key(sorted[i] as number), i)

  for (let row = 0; row < log.size; row++) {
    if (log.columns.masked[row] !== masked) continue
    const of = log.columns.number[row] as number
    const first = places.get(of)
    if (first === -1) continue
    const sent = log.columns.at[row] as number
    for (let i = firstFrom(sorted, first, of, sent - SKEW); i < open; i++) {
      const outcome = sorted[i] as number
      if (key(outcome) !== of || (at[outcome] as number) > sent + WITHIN) break
      const before = messageOf[outcome] as number
      if (before === -1 || closer(sent, log.columns.at[before] as number, at[outcome] as number))
        messageOf[outcome] = row
    }
  }

  /** First place from `first` on, within the outcomes of one number, that is not before `time`. */
  function firstFrom(places: Uint32Array, first: number, of: number, time: number): number {
    let step = 1
    let low = first
    const before = (i: number): boolean =>
      i < open && key(places[i] as number) === of && (at[places[i] as number] as number) < time
    while (before(low + step)) {
      low += step
      step *= 2
    }
    while (step >= 1) {
      if (before(low + step)) low += step
      step = Math.floor(step / 2)
    }
    return before(low) ? low + 1 : low
  }
}

/** Whether a message fits a verification better than another: the last before it, else the first behind it. */
const closer = (sent: number, other: number, verified: number): boolean => {
  if (sent <= verified) return other > verified || sent > other
  return other > verified && sent < other
}
