import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import { LIST_ENTRY_HINT, listEntry } from '../../policy/list-entry.js'

export interface ReadEntry {
  /** 1-based */
  line: number
  entry: string
  note: string
  /** Unix ms; `null`: it does not end */
  expiresAt: number | null
}

export interface EntryProblem {
  line: number
  /** what stands there, shortened */
  text: string
  message: string
}

/** Lines of a paste or file; a list of a hundred thousand numbers is no list for people. */
export const MAX_LINES = 5_000
export const LONGEST_NOTE = 200
const MAX_PROBLEMS = 100
const SHOWN = 60

const UNITS: Record<string, number> = { m: MINUTE, h: HOUR, d: DAY }

/**
 * Entries out of pasted text or CSV: an entry a line, then perhaps a note and when it ends (a date, or `7d` from now).
 * Separated by comma, semicolon or tab. A heading, empty lines and lines that begin with # are passed over.
 */
export function readEntries(
  text: string,
  now: number,
): { entries: ReadEntry[]; problems: EntryProblem[]; lines: number } {
  const entries: ReadEntry[] = []
  const problems: EntryProblem[] = []
  const seen = new Map<string, number>()
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  let counted = 0
  const wrong = (line: number, of: string, message: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ line, text: of.slice(0, SHOWN), message })
  }
  for (const [at, raw] of lines.entries()) {
    const line = at + 1
    if (raw.trim() === '' || raw.trimStart().startsWith('#')) continue
    if (++counted > MAX_LINES) {
      wrong(line, raw, `over ${MAX_LINES.toLocaleString('en-US')} entries; the rest was not read`)
      break
    }
    const [written = '', note = '', ends = ''] = fieldsOf(raw)
    if (at === 0 && /^(entry|number|value|phone)$/i.test(written)) {
      counted--
      continue
    }
    const entry = listEntry(written)
    if (entry === null) {
      wrong(line, written, `nothing that a list can match; ${LIST_ENTRY_HINT}`)
      continue
    }
    const first = seen.get(entry)
    if (first !== undefined) {
      wrong(line, written, `the same as line ${first}`)
      continue
    }
    const expiresAt = endOf(ends, now)
    if (expiresAt === undefined) {
      wrong(line, ends, 'no date in the future; write 2026-12-31, 12h, 7d, or nothing')
      continue
    }
    if (note.length > LONGEST_NOTE) {
      wrong(line, note, `a note has at most ${LONGEST_NOTE} characters`)
      continue
    }
    seen.set(entry, line)
    entries.push({ line, entry, note, expiresAt })
  }
  return { entries, problems, lines: counted }
}

/** Fields of a line; quotes as in CSV. */
function fieldsOf(line: string): string[] {
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let i = 0; i < line.length; i++) {
    const c = line[i] as string
    if (quoted) {
      if (c !== '"') field += c
      else if (line[i + 1] === '"') field += line[++i]
      else quoted = false
    } else if (c === '"' && field.trim() === '') quoted = true
    else if (c === ',' || c === ';' || c === '\t') {
      fields.push(field.trim())
      field = ''
    } else field += c
  }
  fields.push(field.trim())
  return fields
}

/** `undefined`: it is no end, or none in the future. */
export function endOf(text: string, now: number): number | null | undefined {
  if (text === '' || text === '-' || /^never$/i.test(text)) return null
  const span = /^(\d{1,4})\s*([mhd])$/i.exec(text)
  const at = span
    ? now + Number(span[1]) * (UNITS[span[2]?.toLowerCase() ?? ''] ?? 0)
    : /^\d{4}-\d\d-\d\d/.test(text)
      ? Date.parse(text)
      : Number.NaN
  return at > now ? at : undefined
}
