import { Buffer } from 'node:buffer'
import { type DecimalMark, decimalMarkOf } from './byte-price.js'
import { createTimeReader, dayFirstOf } from './byte-time.js'
import type { RoleColumns } from './roles.js'

/** How a file writes what can be written in two ways. */
export interface Conventions {
  decimalMark: DecimalMark
  dayFirst: boolean
  /** a date that can be read in two ways, where no other tells which; '' otherwise */
  ambiguousDate: string
}

/** @param sample some rows of the file */
export function conventionsOf(sample: readonly string[][], columns: RoleColumns): Conventions {
  const values = (role: 'price' | 'at'): string[] =>
    sample.flatMap((row) =>
      (columns[role] ?? []).map((place) => row[place] ?? '').filter((value) => value !== ''),
    )
  const dates = values('at')
  const said = dayFirstOf(dates) ?? shorterSpan(dates)
  return {
    decimalMark: decimalMarkOf(values('price')),
    dayFirst: said ?? false,
    ambiguousDate: said === null ? (dates.find((date) => SLASHED.test(date)) ?? '') : '',
  }
}

const SLASHED = /^\s*\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b/

/** A log runs through days, not through months: the reading whose times lie closer together. `null`: no difference. */
function shorterSpan(dates: readonly string[]): boolean | null {
  if (!dates.some((date) => SLASHED.test(date))) return false
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
