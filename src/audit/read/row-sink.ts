import type { Conventions } from './conventions.js'
import { type Fields, textOf } from './fields.js'
import type { Format } from './formats/format.js'
import type { Intake } from './intake.js'
import { maskedText } from './masked-text.js'
import type { Recognised } from './recognise.js'
import type { RoleColumns } from './roles.js'
import { createRowReader, type Refusal } from './row-reader.js'
import type { Skips } from './skips.js'
import type { Zone } from './zone.js'

/** Where the rows of all files go, and how they are read. */
export interface Reading {
  intake: Pick<Intake, 'take' | 'reserve' | 'events'>
  /** the format these columns are of; `null`: none that is known */
  recognise: (names: readonly string[]) => Recognised | null
  skips: Skips
  zone: Zone
  map?: string
  country?: string
  /** 03/04/2026 is the third of April */
  dayFirst: boolean
  /** only the times of the rows are looked at, and no row is taken */
  probe?: { take: (time: string) => void; done: () => boolean }
}

export interface FileCounts {
  /** messages of the file, sampled or not */
  rows: number
  /** rows that could not be read: not those that are none of the audit's business */
  bad: number
  /** what the first of them held */
  examples: string[]
}

/** Rows that a log may well hold and an audit does not look at. */
const HARMLESS: ReadonlySet<Refusal> = new Set([
  'inbound',
  'other_channel',
  'not_sent',
  'message_part',
])

const SHOWS: Partial<Record<Refusal, 'to' | 'at' | 'price' | 'status' | 'direction' | 'channel'>> =
  {
    bad_number: 'to',
    rounded_number: 'to',
    bad_time: 'at',
    bad_price: 'price',
    not_sent: 'status',
    inbound: 'direction',
    other_channel: 'channel',
  }

function hintOf(why: Refusal, text: string): string {
  if (why === 'rounded_number')
    return ', rounded by a spreadsheet: export the log again without opening it there'
  if (why === 'bad_number' && /^(?:0x)?[\da-f]{16,}$/i.test(text))
    return ', a hash: ranges are told by the first digits, so export numbers, the last four of them masked if need be (+23480312xxxx)'
  return ''
}

/** Takes rows of one file into the log and counts what it cannot take. */
export function createRowSink(
  reading: Reading,
  file: string,
  counts: FileCounts,
  layout: {
    format: Format
    columns: RoleColumns
    conventions: Conventions
    names: readonly string[]
  },
) {
  const { intake, skips, zone, country, probe } = reading
  const { format, columns, conventions, names } = layout
  const reader = createRowReader({
    format,
    columns,
    zone,
    decimalMark: conventions.decimalMark,
    rounded: conventions.rounded,
    dayFirst: reading.dayFirst,
    priceName: names[columns.price?.[0] ?? -1] ?? '',
    ...(country !== undefined && { country }),
  })

  function describe(why: Refusal, fields: Fields): string {
    if (why === 'columns_missing') return `${fields.count} of ${names.length} columns`
    const role = SHOWS[why]
    const place = role === undefined ? undefined : columns[role]?.[0]
    if (place === undefined) return why.replaceAll('_', ' ')
    const text = textOf(fields, place)
    return `${names[place] ?? place + 1} is "${maskedText(text)}"${hintOf(why, text)}`
  }

  /** Of a header that is repeated the time is none, so it is seen to be one. */
  function look(fields: Fields, { take }: Exclude<typeof probe, undefined>): Refusal | null {
    const at = columns.at?.find((place) => place < fields.count && textOf(fields, place) !== '')
    const time = at === undefined ? '' : textOf(fields, at)
    take(time)
    return /\d/.test(time) ? null : 'bad_time'
  }

  function refuse(why: string, line: string, seen: () => string, bad: boolean): void {
    const example = (): string => `${file}${line}: ${seen()}`
    skips.note(why, example)
    if (!bad) return
    counts.bad++
    if (counts.examples.length < 3) counts.examples.push(example())
  }

  return {
    /**
     * @param line where the row stands, as `:12` or ` record 12`; asked for only when it is shown
     * @returns why the row was refused, not yet counted: see {@link refuseRow}
     */
    row(fields: Fields, line: () => string): Refusal | null {
      if (probe !== undefined) return look(fields, probe)
      const refused = reader.read(fields)
      if (refused !== null) return refused
      if (intake.take(reader.row)) counts.rows++
      else refuse('future', line(), () => new Date(reader.row.at).toISOString(), false)
      return null
    },
    refuseRow(why: Refusal, fields: Fields, line: string): void {
      refuse(why, line, () => describe(why, fields), !HARMLESS.has(why))
    },
    refuse,
    /** No rows of this layout follow. */
    close: format.events === true && probe === undefined ? intake.events() : () => undefined,
  }
}

export type RowSink = ReturnType<typeof createRowSink>
