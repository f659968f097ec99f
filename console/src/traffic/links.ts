import type { RangeLevel } from '../../../src/http/console/ranges-view'
import type { SourceKind } from '../../../src/http/console/sources-view'

const address = (path: string, of: Readonly<Record<string, string>>): string =>
  `${path}?${new URLSearchParams(of).toString()}`

/** The decisions about a range. Those of an operator are found by its country. */
export const decisionsOf = ({
  level,
  key,
  country,
}: {
  level: RangeLevel
  key: string
  country: string
}): string =>
  level === 'block' || level === 'subBlock'
    ? address('/decisions', { range: key })
    : address('/decisions', { country })

/** The decisions about a source; `null` where they are not found by it. */
export function decisionsBySource(kind: SourceKind, key: string): string | null {
  switch (kind) {
    case 'network':
      return address('/decisions', { asn: key.slice(2) })
    case 'ip':
      return address('/decisions', { ip: key.replace(/\/64$/, '') })
    case 'device':
      return address('/decisions', { device: key })
    case 'account':
      return address('/decisions', { account: key })
    default:
      return null
  }
}

export const sourceLink = (kind: SourceKind, key: string): string =>
  address('/sources', { kind, key })

export const rangeLink = (level: RangeLevel, key: string, operator: string | null): string =>
  address('/ranges', { level, key, ...(operator !== null && level !== 'operator' && { operator }) })
