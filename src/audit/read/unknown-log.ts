import { FORMATS } from './formats/all.js'
import { LogError } from './log-error.js'
import { maskedText } from './masked-text.js'
import { proposeMap } from './propose-map.js'

const SHOWN = 40
/** `2.34803E+12`: what a spreadsheet makes of a phone number. */
const ROUNDED = /^\d[.,]\d+E\+\d{1,2}$/i
/** An object within a column; quotes within quotes are doubled. */
const OBJECT = /^\{\s*"/

/** The error for a log whose columns nobody knows: what was seen, and the mapping to pass. */
export function unknownLog(
  file: string,
  names: readonly string[],
  sample: readonly string[][],
  seen: string,
): LogError {
  const { map, missing, national } = proposeMap(names, sample)
  const first = sample[0]?.map((value) => maskedText(value)).slice(0, SHOWN)
  const columns = names.map((name) => maskedText(name)).slice(0, SHOWN)
  const rounded = names.find((_, place) => sample.some((row) => ROUNDED.test(row[place] ?? '')))
  const nested = names.find((_, place) => sample.some((row) => OBJECT.test(row[place] ?? '')))
  const lines = [
    `${file}: its columns are of no known log (${FORMATS.map(({ name }) => name).join(', ')}).`,
    `Seen: ${seen}, ${names.length} column${names.length === 1 ? '' : 's'}: ${columns.join(' | ')}`,
    ...(first === undefined ? ['It has no rows below.'] : [`First row: ${first.join(' | ')}`]),
    ...missing.map((role) =>
      role === 'to'
        ? 'No column looks like the number a message went to.'
        : 'No column looks like the time of a message.',
    ),
    ...(rounded === undefined
      ? []
      : [
          `Column ${maskedText(rounded)} has numbers that a spreadsheet rounded: export the log again without opening it there.`,
        ]),
    ...(nested === undefined || missing.length === 0
      ? []
      : [
          `Column ${maskedText(nested)} holds JSON: export the log as JSON, or its fields as columns of their own.`,
        ]),
    ...(national
      ? ['Its numbers have no calling code: say of which country they are, as in --country NG.']
      : []),
    missing.length === 0
      ? `Pass, if that is right: --map ${map}`
      : `Say which columns are what: --map ${[...missing.map((role) => `${role}=COLUMN`), map].filter((part) => part !== '').join(',')} (a column by its name, or by its number from 1)`,
  ]
  return new LogError(lines.join('\n'))
}
