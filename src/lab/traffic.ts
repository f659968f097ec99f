import type { Verdict } from '../engine/decision.js'
import { LineError, textLines } from './text-lines.js'

/** What would happen if the code were sent. Times are ms after the send; `null` is never. Hidden from the engine. */
export interface Potential {
  deliveredMs: number | null
  deliveryError: string | null
  verifiedMs: number | null
  solves: { pow: boolean; captcha: boolean; channel: boolean }
  activates: boolean
}

/** One row of a traffic file, in time order. */
export interface TrafficRow {
  id: string
  at: number
  service: string
  to: string
  ip: string | null
  deviceId: string | null
  accountId: string | null
  sessionId: string | null
  userAgent: string | null
  sessionAgeMs: number | null
  precedingEvents: number | null
  priceMicroUsd: number | null
  /** skipped when the row it names was verified */
  retryOf: string | null
  potential: Potential
}

export interface LabelRow {
  id: string
  label: 'legit' | 'attack'
  campaign: string | null
}

/** One line of the decisions file. */
export interface ReplayedDecision {
  id: string
  at: number
  verdict: Verdict
  would: Verdict
  score: number
  reasons: {
    code: string
    subject: string
    observed: number | null
    limit: number | null
    windowMs: number | null
  }[]
  sent: boolean
}

/** A file that cannot be read as what it should be; says the line and what is wrong with it. */
export class TrafficError extends Error {
  override readonly name = 'TrafficError'
}

/** Rows of an NDJSON file (plain or .gz), streamed. @throws TrafficError with file and line */
export async function* readRows<T extends object>(
  file: string,
  check: (row: T) => string | null,
): AsyncGenerator<T> {
  let line = 0
  let rows = 0
  for await (const text of linesOf(file)) {
    line++
    if (text === '') continue
    let row: T
    try {
      row = JSON.parse(text) as T
    } catch (cause) {
      if (rows === 0 && !/^\s*[{[]/.test(text))
        throw new TrafficError(
          `${file}:${line}: no JSON; one object a line is expected. Message logs in CSV are for: tollgate audit`,
          { cause },
        )
      throw new TrafficError(
        `${file}:${line}: not JSON (${(cause as Error).message}); one object a line is expected`,
        { cause },
      )
    }
    const wrong = typeof row === 'object' && row !== null ? check(row) : 'must be an object'
    if (wrong !== null) throw new TrafficError(`${file}:${line}: ${wrong}`)
    rows++
    yield row
  }
  if (rows === 0)
    throw new TrafficError(`${file}: holds no rows; one JSON object a line is expected`)
}

async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    yield* textLines(file)
  } catch (error) {
    if (!(error instanceof LineError)) throw error
    throw new TrafficError(`${file}: ${error.message}`, { cause: error })
  }
}

export const readTraffic = (file: string): AsyncGenerator<TrafficRow> => {
  let last = Number.NEGATIVE_INFINITY
  return readRows<TrafficRow>(file, (row) => {
    if (typeof row.id !== 'string') return '"id" must be a string'
    if (!Number.isFinite(row.at)) return '"at" must be Unix milliseconds'
    if (typeof row.to !== 'string') return '"to" must be a string'
    if (typeof row.service !== 'string') return '"service" must be a string'
    if (typeof row.potential !== 'object' || row.potential === null)
      return '"potential" is missing: what would happen if the code were sent'
    if (row.at < last)
      return `rows must be in time order: ${row.at} comes after ${last}; sort the file by "at"`
    last = row.at
    return null
  })
}

export const readLabels = (file: string): AsyncGenerator<LabelRow> =>
  readRows<LabelRow>(file, (row) =>
    typeof row.id !== 'string'
      ? '"id" must be a string'
      : row.label !== 'legit' && row.label !== 'attack'
        ? '"label" must be legit or attack'
        : null,
  )
