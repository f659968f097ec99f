import { parseNumber } from '../../phone/parse.js'
import { type DecimalMark, decimalMarkOf } from './byte-price.js'
import type { Format } from './formats/format.js'
import { LogError } from './log-error.js'
import type { RoleColumns } from './roles.js'
import type { Skips } from './skips.js'

/** Different numbers of a sample, and how many of them are none where their first digits are a calling code. */
interface Numbers {
  distinct: number
  strange: number
}

/** How a file writes what can be written in two ways. */
export interface Conventions {
  decimalMark: DecimalMark
  /** a spreadsheet has rounded its numbers: those that end in six zeros are no numbers that anybody wrote to */
  rounded: boolean
  /** the numbers without a plus sign or 00, and all others */
  bare: Numbers
  international: Numbers
}

/** @param sample some rows of the file */
export function conventionsOf(sample: readonly string[][], columns: RoleColumns): Conventions {
  const values = (role: 'price' | 'to'): string[] =>
    sample.flatMap((row) =>
      (columns[role] ?? []).map((place) => row[place] ?? '').filter((value) => value !== ''),
    )
  return {
    decimalMark: decimalMarkOf(values('price')),
    rounded: areRounded(values('to')),
    ...strangeNumbers(values('to')),
  }
}

/** A spreadsheet keeps six digits of 2.34803E+12, and rounds all or none; of a million numbers one ends so by chance. */
const SIX_ZEROS = /\dE\+\d|^\D*\d+0{6}\D*$/i
const ROUNDED = 0.1
/** The first number of a run of them ends so too. */
const SEVERAL = 3

function areRounded(numbers: readonly string[]): boolean {
  const rounded = numbers.filter((text) => SIX_ZEROS.test(text)).length
  return rounded >= SEVERAL && rounded >= ROUNDED * numbers.length
}

function strangeNumbers(numbers: readonly string[]): Pick<Conventions, 'bare' | 'international'> {
  const whole = new Set(numbers.map((text) => text.replace(/[^\d+]/g, '').replace(/^00/, '+')))
  const of = (pattern: RegExp): Numbers => {
    const found = [...whole].filter((text) => pattern.test(text))
    const strange = found.filter(
      (text) => parseNumber(`+${text.replace('+', '')}`).problem !== null,
    )
    return { distinct: found.length, strange: strange.length }
  }
  return { bare: of(/^[1-9]\d{6,14}$/), international: of(/^\+[1-9]\d{6,14}$/) }
}

/** From this share on, numbers without a calling code are likelier than many that nobody could have. */
const STRANGE = 0.3
/** Of hashes 94 % are no numbers, of national ones up to all; of a provider's log hardly any, for it refuses them. */
const CERTAIN = 0.6
/** Different numbers from which that is no chance. */
const ENOUGH = 20

const shareOf = ({ distinct, strange }: Numbers): number =>
  distinct === 0 ? 0 : strange / distinct

/**
 * Says what a file leaves open and how it was taken.
 * @throws LogError where its numbers are certainly none that begin with a calling code: every range would be wrong
 */
export function noteConventions(
  { skips, country }: { skips: Skips; country?: string },
  file: string,
  format: Format,
  { bare, international }: Conventions,
): void {
  const share = shareOf(bare)
  const percent = (x: number): string => `${Math.round(100 * x)} %`
  if (share >= STRANGE && country === undefined && format.international !== true) {
    const said = `${file}: of the numbers without a plus sign ${percent(share)} are of no country`
    if (share >= CERTAIN && bare.distinct >= ENOUGH)
      throw new LogError(
        [
          `${said}, so they do not begin with a calling code and no range could be told.`,
          'Where they are national, or a spreadsheet took their zero or plus sign away, say of which country with --country NG.',
          'Where they are hashes or other keys, export the log with numbers, the last four digits masked if need be (+23480312xxxx).',
        ].join('\n'),
      )
    skips.note(
      'ambiguous_numbers',
      () => `${said}; where they are national, say of which with --country`,
      0,
    )
  }
  const odd = shareOf(international)
  if (odd >= CERTAIN && international.distinct >= ENOUGH)
    skips.note(
      'strange_numbers',
      () =>
        `${file}: ${percent(odd)} of its numbers are too short, too long or of no country; where digits were cut off, put an x for each (+23480312xxxx), or ranges are told wrongly`,
      0,
    )
}
