import type { RangeLevel } from '../../../src/http/console/ranges-view'
import type { SourceKind } from '../../../src/http/console/sources-view'

const address = (path: string, of: Readonly<Record<string, string>>): string =>
  `${path}?${new URLSearchParams(of).toString()}`

/** What a list of decisions shares with a table of traffic. */
interface Around {
  span: string
  service: string
}

const around = ({ span, service }: Around): Record<string, string> => ({
  span,
  ...(service !== '' && { service }),
})

/** The decisions about a range. Those of an operator are found by its country. */
export const decisionsOf = (
  { level, key, country }: { level: RangeLevel; key: string; country: string },
  at: Around,
): string =>
  address('/decisions', {
    ...(level === 'block' || level === 'subBlock' ? { range: key } : { country }),
    ...around(at),
  })

/** The decisions about a source; `null` where they are not found by it. */
export function decisionsBySource(kind: SourceKind, key: string, at: Around): string | null {
  switch (kind) {
    case 'network':
      return address('/decisions', { asn: key.slice(2), ...around(at) })
    case 'ip':
      return address('/decisions', { ip: key.replace(/\/64$/, ''), ...around(at) })
    case 'device':
    case 'account':
      return address('/decisions', { [kind]: key, ...around(at) })
    default:
      return null
  }
}

export const sourceLink = (kind: SourceKind, key: string): string =>
  address('/sources', { kind, key })

export const rangeLink = (level: RangeLevel, key: string, operator: string | null): string =>
  address('/ranges', { level, key, ...(operator !== null && level !== 'operator' && { operator }) })
