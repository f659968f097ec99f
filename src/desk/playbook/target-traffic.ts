import type { Target } from '../../engine/measures.js'
import type { ConsoleStore, DecisionSearch, Dimension } from '../../ledger/console-port.js'
import type { RequestRow } from '../../ledger/rows.js'
import { ipKeyOfText } from '../../network/ip-key.js'

/** Requests of a target, newest first, and whether these are all of them. */
export interface TargetTraffic {
  rows: RequestRow[]
  /** how far back they reach, Unix ms: `from`, or the oldest looked at */
  since: number
  complete: boolean
}

const PAGE = 500
/** Pages that are read for one answer. */
const MAX_PAGES = 10

/** Country of an operator range's key, `NG/MTN`; '' for a calling code of several countries. */
export const countryOfOperator = (key: string): string => {
  const country = key.split('/', 1)[0] ?? ''
  return /^[A-Z]{2}$/.test(country) ? country : ''
}

/** What the ledger looks up for a target: exact where it has an index, wider where it has none. */
function lookUp({ kind, key, service }: Target): Partial<DecisionSearch> {
  const within = service === null ? {} : { service }
  switch (kind) {
    case 'range':
      return { ...within, range: key }
    case 'operator': {
      const country = countryOfOperator(key)
      return country === '' ? within : { ...within, country }
    }
    case 'country':
      return { ...within, country: key }
    case 'service':
      return { service: key }
    case 'ip':
    case 'subnet':
      return { ...within, ip: key }
    case 'network':
      return { ...within, asn: Number(key.slice(2)) }
    case 'device':
      return { ...within, deviceId: key }
    case 'account':
      return { ...within, accountId: key }
  }
}

/** Whether a recorded request is one that a measure of the target speaks of. */
export function isOf({ kind, key, service }: Target, row: RequestRow): boolean {
  if (service !== null && row.service !== service) return false
  switch (kind) {
    case 'range':
      return row.number.startsWith(key) || row.block.startsWith(key)
    case 'operator':
      return row.operator === key
    case 'country':
      return row.country === key
    case 'service':
      return row.service === key
    case 'ip':
      return row.ip !== null && ipKeyOfText(row.ip) === key
    case 'subnet':
      return row.subnet === key
    case 'network':
      return row.asn === Number(key.slice(2))
    case 'device':
      return row.deviceId === key
    case 'account':
      return row.accountId === key
  }
}

/** Requests of a target since a time: a bounded number, the newest where there are more. */
export async function trafficOf(
  ledger: Pick<ConsoleStore, 'search'>,
  target: Target,
  from: number,
  to: number,
  maxPages = MAX_PAGES,
): Promise<TargetTraffic> {
  const rows: RequestRow[] = []
  let since = to
  let before: number | undefined
  for (let page = 0; page < maxPages; page++) {
    const found = await ledger.search({
      ...lookUp(target),
      from,
      to,
      limit: PAGE,
      ...(before !== undefined && { before }),
    })
    for (const row of found.rows) if (isOf(target, row)) rows.push(row)
    since = Math.min(since, found.searchedTo ?? since, found.rows.at(-1)?.at ?? since)
    if (found.next === null) return { rows, since: from, complete: true }
    before = found.next
  }
  return { rows, since, complete: false }
}

/** Where the roll-ups count a target; `null` for a range that is no block (its blocks are added up by prefix). */
export const DIMENSION_OF: Record<Target['kind'], Dimension> = {
  range: 'block',
  operator: 'operator',
  country: 'country',
  service: 'all',
  ip: 'ip',
  subnet: 'subnet',
  network: 'network',
  device: 'device',
  account: 'account',
}
