import { Buffer } from 'node:buffer'
import { createNumberReader } from './byte-number.js'
import { CURRENCIES, readPrice } from './byte-price.js'
import { createTimeReader, FIRST_MESSAGE } from './byte-time.js'
import { likeness } from './column-names.js'
import { plain, type Role } from './roles.js'
import { isStatusWord } from './status-words.js'

/** An IPv6 address with an IPv4 one in it. */
const LONGEST_ADDRESS = 45

/** Bare digits that would be a later time are no time: 2348031234567 is a number, as Unix ms a day of 2044. */
const LAST_LIKELY = Date.UTC(2036, 0, 1)
/** What a column is called that has no name. */
const UNNAMED = /^(?:column \d+)?$/
/** `-0.0079`, `0,05`: amounts of a message have decimals, counts and codes have none. */
const DECIMALS = /^-?\d{0,2}[.,]\d{2,6}$/

/** `0803 123 4567`: with the trunk zero, without a calling code. Too like other things to go by where no name says it. */
const NATIONAL = /^0[1-9][\d ()./-]{5,16}$/

/** A column may be taken for a role when at least this share of its values looks like it. */
const ENOUGH = 0.5

const PROPOSED: readonly Role[] = [
  'to',
  'at',
  'price',
  'currency',
  'status',
  'segments',
  'id',
  'error',
  'direction',
  'outcome',
  'ip',
]

const readNumber = createNumberReader()
const readTime = createTimeReader({ zone: (local) => local, dayFirst: false })

const LOOKS: Partial<Record<Role, (value: string) => boolean>> = {
  to: (value) => {
    const bytes = Buffer.from(value)
    const { number, international } = readNumber(bytes, 0, bytes.length)
    const digits = value.replace(/\D/g, '').length
    return (
      !Number.isNaN(number) &&
      !/^\d+\.\d/.test(value) &&
      (international || digits >= 10) &&
      !LOOKS.at?.(value)
    )
  },
  at: (value) => {
    const bytes = Buffer.from(value)
    const at = readTime(bytes, 0, bytes.length)
    return at >= FIRST_MESSAGE && (at < LAST_LIKELY || !/^\d+$/.test(value))
  },
  price: (value) => {
    const bytes = Buffer.from(value)
    const price = readPrice(bytes, 0, bytes.length, 'point')
    return price !== null && price < 100
  },
  currency: (value) => CURRENCIES.has(value.toUpperCase()),
  status: isStatusWord,
  segments: (value) => /^\d{1,2}$/.test(value),
  direction: (value) => /^(?:in|out|mo$|mt$)/i.test(value),
  outcome: (value) =>
    /^(?:true|false|yes|no|0|1|\w*verified|\w*converted|approved|expired|pending)$/i.test(value),
  ip: (value) =>
    value.length <= LONGEST_ADDRESS &&
    /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f:]+:[\da-f:]+)$/i.test(value),
  id: (value) => value.length >= 6,
}

/** Roles that the look of the values alone settles, whatever the column is called. */
const BY_LOOK: ReadonlySet<Role> = new Set(['to', 'at', 'currency', 'status', 'ip'])

/**
 * What to pass for a log nobody knows, by names and by what the values look like; `missing` was found in no column.
 * `national`: the numbers have no calling code.
 */
export function proposeMap(
  names: readonly string[],
  sample: readonly string[][],
): { map: string; missing: Role[]; national: boolean } {
  const found = new Map<Role, number>()
  for (const role of PROPOSED) {
    let best = 0
    names.forEach((name, place) => {
      if ([...found.values()].includes(place)) return
      const score = scoreOf(
        role,
        name,
        sample.map((row) => row[place] ?? ''),
      )
      if (score <= best) return
      best = score
      found.set(role, place)
    })
  }
  const map = [...found].map(([role, place]) => `${role}=${nameOf(names, place)}`).join(',')
  const to = found.get('to')
  return {
    map,
    missing: (['to', 'at'] as const).filter((role) => !found.has(role)),
    national: to !== undefined && sample.some((row) => NATIONAL.test(row[to] ?? '')),
  }
}

function scoreOf(role: Role, name: string, values: readonly string[]): number {
  const filled = values.filter((value) => value !== '')
  const named = likeness(name, role)
  const looks = role === 'to' && named > 0 ? isNumber : LOOKS[role]
  const share =
    looks === undefined || filled.length === 0 ? 0 : filled.filter(looks).length / filled.length
  if (looks !== undefined && filled.length > 0 && share < ENOUGH) return 0
  if (named === 0 && !(byLook(role, name, filled) && share >= 0.9)) return 0
  // of two columns of numbers the sender's has few of them
  const different = role === 'to' ? new Set(filled).size / filled.length / 100 : 0
  return 2 * named + share + different
}

const isNumber = (value: string): boolean => LOOKS.to?.(value) === true || NATIONAL.test(value)

const byLook = (role: Role, name: string, values: readonly string[]): boolean =>
  BY_LOOK.has(role) ||
  (role === 'price' && UNNAMED.test(name) && values.every((value) => DECIMALS.test(value)))

/** By name where that is one of a kind and can stand in the option, else by number. */
function nameOf(names: readonly string[], place: number): string {
  const name = names[place] ?? ''
  const alone = names.filter((other) => plain(other) === plain(name)).length === 1
  return alone && name !== '' && !/[,="'\s]/.test(name) ? name : String(place + 1)
}
