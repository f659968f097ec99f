import { parseNumber } from '../../phone/parse.js'
import { type DecimalMark, decimalMarkOf } from './byte-price.js'
import type { Format } from './formats/format.js'
import type { RoleColumns } from './roles.js'
import type { Skips } from './skips.js'

/** How a file writes what can be written in two ways. */
export interface Conventions {
  decimalMark: DecimalMark
  /** share of the numbers without a plus sign or 00 that are none where their first digits are a calling code, 0 to 1 */
  strangeNumbers: number
}

/** @param sample some rows of the file */
export function conventionsOf(sample: readonly string[][], columns: RoleColumns): Conventions {
  const values = (role: 'price' | 'to'): string[] =>
    sample.flatMap((row) =>
      (columns[role] ?? []).map((place) => row[place] ?? '').filter((value) => value !== ''),
    )
  return {
    decimalMark: decimalMarkOf(values('price')),
    strangeNumbers: strangeShare(values('to')),
  }
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
  { strangeNumbers }: Conventions,
): void {
  if (strangeNumbers >= STRANGE && country === undefined && !international)
    skips.note(
      'ambiguous_numbers',
      () =>
        `${file}: of the numbers without a plus sign ${Math.round(strangeNumbers * 100)} % are of no country; where they are national, say of which with --country`,
      0,
    )
}
