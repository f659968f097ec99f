import type { SearchField } from '../../../../src/http/console/decisions-view'

/** Everything that a search of decisions is made of, as it stands in the address of the page. */
export const FIELDS = [
  'number',
  'range',
  'ip',
  'asn',
  'device',
  'account',
] as const satisfies readonly SearchField[]

export const FIELD_WORDS: Record<SearchField, string> = {
  number: 'Number',
  range: 'Numbers that begin with',
  ip: 'Address',
  asn: 'Network AS',
  device: 'Device',
  account: 'Account',
}

const DAY = 86_400_000
/** How far back, by the word in the address. */
export const SPANS = [
  { value: '1h', label: 'Last hour', ms: DAY / 24 },
  { value: '24h', label: 'Last 24 hours', ms: DAY },
  { value: '7d', label: 'Last 7 days', ms: 7 * DAY },
  { value: '30d', label: 'Last 30 days', ms: 30 * DAY },
] as const

const FILTERS = ['verdict', 'reason', 'service', 'country', 'span'] as const
export type Filter = (typeof FILTERS)[number]

/** What is searched by, of the fields that a search box fills. */
export function searchedBy(search: URLSearchParams): { field: SearchField; value: string } | null {
  for (const field of FIELDS) {
    const value = search.get(field)
    if (value !== null && value !== '') return { field, value }
  }
  return null
}

/** The same search with some members changed; `null` takes one away. */
export function changed(
  search: URLSearchParams,
  members: Readonly<Record<string, string | null>>,
): string {
  const next = new URLSearchParams(search)
  for (const [name, value] of Object.entries(members)) {
    if (value === null || value === '') next.delete(name)
    else next.set(name, value)
  }
  const text = next.toString()
  return text === '' ? '/decisions' : `/decisions?${text}`
}

/** The box filled anew: whatever was searched by before goes. */
export const asked = (
  search: URLSearchParams,
  by: { field: SearchField; value: string } | null,
): string =>
  changed(search, {
    ...Object.fromEntries(FIELDS.map((field) => [field, null])),
    ...(by !== null && { [by.field]: by.value }),
  })

/** @param since start of the page: a page that is read on must not move its end */
export function queryOf(search: URLSearchParams, since: number): Record<string, string> {
  const query: Record<string, string> = {}
  for (const name of [...FIELDS, 'verdict', 'reason', 'service', 'country', 'from', 'to']) {
    const value = search.get(name)
    if (value !== null && value !== '') query[name] = value
  }
  const span = SPANS.find(({ value }) => value === search.get('span'))
  if (span !== undefined) query.from = String(since - span.ms)
  return query
}
