import { LogError } from './log-error.js'

/** What a column of a log can be to the audit: the left side of `--map`. */
export const ROLES = [
  /** provider's id of the message */
  'id',
  /** when it was sent */
  'at',
  /** recipient */
  'to',
  /** recipient's number without its last four digits, for logs with pseudonyms */
  'block',
  'status',
  /** anything in it: delivered */
  'delivered',
  'price',
  /** charged on top of the price */
  'fee',
  'currency',
  'segments',
  'error',
  'direction',
  'channel',
  /** a word for whether the code was entered */
  'outcome',
  /** anything in it: verified */
  'verified',
  'ip',
  /** which part of a message a row is, from 1 (0: the only one) */
  'part',
] as const
export type Role = (typeof ROLES)[number]

/** Columns of a log by what they are, in order of preference: an empty field is looked up in the next one. */
export type RoleColumns = Partial<Record<Role, readonly number[]>>

/** A name as it is compared: `Date Sent`, `date_sent` and `DateSent` are one. Paths of JSON keep their points. */
export const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^\ufeff/, '')
    .replace(/[^\p{L}\p{N}.]/gu, '')

const isRole = (name: string): name is Role => ROLES.some((role) => role === name)

/** `to=recipient,at=created` to names of columns. @throws LogError */
export function parseMap(map: string): Partial<Record<Role, string>> {
  const named: Partial<Record<Role, string>> = {}
  for (const pair of map.split(',')) {
    const [role = '', ...rest] = pair.split('=')
    const column = rest.join('=').trim()
    const name = role.trim()
    if (!isRole(name) || column === '')
      throw new LogError(
        `--map: "${pair.trim()}" is not role=column; roles are ${ROLES.join(', ')}, as in --map to=recipient,at=created,price=cost`,
      )
    if (named[name] !== undefined)
      throw new LogError(
        `--map: ${name} is given twice, as ${named[name]} and as ${column}; keep one of the two`,
      )
    named[name] = column
  }
  return named
}

/**
 * Places of mapped columns: by name, or by number from 1 where no column has that name.
 *
 * @throws LogError for a column that is not there
 */
export function placeMap(
  named: Partial<Record<Role, string>>,
  columns: readonly string[],
  file: string,
): RoleColumns {
  const places: RoleColumns = {}
  for (const role of ROLES) {
    const wanted = named[role]
    if (wanted === undefined) continue
    let place = columns.indexOf(wanted)
    if (place === -1) place = columns.findIndex((column) => plain(column) === plain(wanted))
    if (place === -1 && /^#?\d{1,3}$/.test(wanted)) place = Number(wanted.replace('#', '')) - 1
    if (place < 0 || place >= columns.length)
      throw new LogError(
        `${file}: --map ${role}=${wanted}: there is no such column; there are ${columns.join(', ')}`,
      )
    places[role] = [place]
  }
  return places
}
