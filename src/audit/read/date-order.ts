import { Buffer } from 'node:buffer'
import { createTimeReader, dayFirstOf } from './byte-time.js'
import { LogError } from './log-error.js'
import { readRows } from './read-rows.js'
import type { Reading } from './row-sink.js'
import { createSkips } from './skips.js'

/** How `03/04/2026` is read: the third of April, or the fourth of March. */
export const DATE_ORDERS = ['day-first', 'month-first'] as const
export type DateOrder = (typeof DATE_ORDERS)[number]

const SLASHED = /^\s*\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b/
/** Different dates that are kept: a year has no more than 144 that can be read in two ways. */
const MOST_DATES = 5_000
/** A file without such a date in so many rows has none. */
const ENOUGH_ROWS = 1_000

/** The dates of a file that could name the day or the month first. */
interface Dates {
  /** what one of them says that can be read in one way only; `null`: none does */
  certain: boolean | null
  open: Set<string>
}

/** How dates are read, and what has to be said of it; '': nothing. */
export interface SettledOrder {
  dayFirst: boolean
  said: string
}

/**
 * Settles in which order dates name day and month, the same way for every format: by a date of the file that can be read in
 * one way only, however far behind its first rows; else by such a date in the other files, which are of one export; else
 * by the shorter time that the dates of all of them span, for a log runs through days and not through months. What does not
 * settle it for certain is said.
 */
export function createDateOrders(
  reading: Omit<Reading, 'dayFirst'>,
  paths: readonly string[],
  given?: DateOrder,
) {
  const known = new Map<string, Promise<Dates>>()
  const datesOf = (path: string): Promise<Dates> => {
    const found = known.get(path) ?? readDates(reading, path)
    known.set(path, found)
    return found
  }

  return async (path: string): Promise<SettledOrder> => {
    if (given !== undefined) return { dayFirst: given === 'day-first', said: '' }
    const own = await datesOf(path)
    if (own.certain !== null || own.open.size === 0)
      return { dayFirst: own.certain ?? false, said: '' }
    const all = new Set(own.open)
    for (const other of paths) {
      const { certain, open } = await datesOf(other)
      if (certain !== null) return { dayFirst: certain, said: '' }
      for (const date of open) all.add(date)
    }
    const closer = shorterSpan([...all])
    const [example = ''] = own.open
    const order = closer === true ? 'day' : 'month'
    const why = closer === null ? 'no date tells' : 'so they lie closer together; no date tells'
    const other = closer === true ? 'month-first' : 'day-first'
    return {
      dayFirst: closer ?? false,
      said: `${path}: dates such as "${example.trim()}" are read with the ${order} first (${why}): if that is wrong, give --dates ${other}`,
    }
  }
}

async function readDates(reading: Omit<Reading, 'dayFirst'>, path: string): Promise<Dates> {
  const found: Dates = { certain: null, open: new Set() }
  let rows = 0
  const probe = {
    take(text: string): void {
      rows++
      const date = SLASHED.exec(text)?.[0]
      if (date === undefined || found.open.has(date) || found.open.size >= MOST_DATES) return
      found.open.add(date)
      found.certain ??= dayFirstOf([date])
    },
    done: (): boolean => found.certain !== null || (rows >= ENOUGH_ROWS && found.open.size === 0),
  }
  const counts = { rows: 0, bad: 0, examples: [] }
  try {
    const probing = { ...reading, skips: createSkips(), dayFirst: false, probe }
    await readRows(probing, path, counts, () => undefined)
  } catch (error) {
    // a file that cannot be understood: that is said when it is read
    if (!(error instanceof LogError)) throw error
  }
  return found
}

/** The reading whose times lie closer together; `null`: no difference. */
function shorterSpan(dates: readonly string[]): boolean | null {
  const span = (dayFirst: boolean): number => {
    const read = createTimeReader({ zone: (local) => local, dayFirst })
    const times = dates.map((date) => {
      const bytes = Buffer.from(date)
      return read(bytes, 0, bytes.length)
    })
    const valid = times.filter((time) => !Number.isNaN(time))
    return valid.reduce((a, b) => Math.max(a, b), 0) - valid.reduce((a, b) => Math.min(a, b), 8e15)
  }
  const [days, months] = [span(true), span(false)]
  return days === months ? null : days < months
}
