import { Buffer } from 'node:buffer'
import { parseNumber } from '../../phone/parse.js'
import { type DecimalMark, decimalMarkOf } from './byte-price.js'
import { createTimeReader, dayFirstOf } from './byte-time.js'
import type { Format } from './formats/format.js'
import type { RoleColumns } from './roles.js'
import type { Skips } from './skips.js'

/** How a file writes what can be written in two ways. */
export interface Conventions {
  decimalMark: DecimalMark
  dayFirst: boolean
  /** a date that can be read in two ways, where no other tells which; '' otherwise */
  ambiguousDate: string
  /** share of the numbers without a plus sign or 00 that are none where their first digits are a calling code, 0 to 1 */
  strangeNumbers: number
}

/** @param sample some rows of the file */
export function conventionsOf(sample: readonly string[][], columns: RoleColumns): Conventions {
  const values = (role: 'price' | 'at' | 'to'): string[] =>
    sample.flatMap((row) =>
      (columns[role] ?? []).map((place) => row[place] ?? '').filter((value) => value !== ''),
    )
  const dates = values('at')
  const said = dateOrderOf(dates)
  return {
    decimalMark: decimalMarkOf(values('price')),
    dayFirst: said ?? false,
    ambiguousDate: said === null ? (dates.find((date) => SLASHED.test(date)) ?? '') : '',
    strangeNumbers: strangeShare(values('to')),
  }
}

export const SLASHED = /^\s*\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b/

/** Whether dates name the day first: by one that can be read in one way only, else by what lies closer; `null`: unknown. */
export const dateOrderOf = (dates: readonly string[]): boolean | null =>
  dayFirstOf(dates) ?? shorterSpan(dates)

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

function strangeShare(numbers: readonly string[]): number {
  const bare = numbers
    .map((text) => text.replace(/[^\d+]/g, ''))
    .filter((text) => /^[1-9]\d{6,14}$/.test(text))
  const strange = bare.filter((digits) => parseNumber(`+${digits}`).problem !== null)
  return bare.length === 0 ? 0 : strange.length / bare.length
}

/** From this share on, numbers without a calling code are likelier than many that nobody could have. */
const STRANGE = 0.3

/** Says what a file leaves open and how it was taken. */
export function noteConventions(
  { skips, country }: { skips: Skips; country?: string },
  file: string,
  { international = false }: Format,
  { ambiguousDate, strangeNumbers }: Conventions,
): void {
  if (ambiguousDate !== '')
    skips.note(
      'ambiguous_dates',
      () =>
        `${file}: dates such as "${ambiguousDate}" are read with the month first; no date of the file tells`,
      0,
    )
  if (strangeNumbers >= STRANGE && country === undefined && !international)
    skips.note(
      'ambiguous_numbers',
      () =>
        `${file}: of the numbers without a plus sign ${Math.round(strangeNumbers * 100)} % are of no country; where they are national, say of which with --country`,
      0,
    )
}
