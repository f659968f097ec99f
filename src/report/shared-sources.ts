import type { SourceFacts } from '../engine/facts.js'
import type { RequestRow } from '../ledger/rows.js'

export const SOURCE_KINDS = ['network', 'subnet', 'ip', 'device', 'account'] as const
export type SourceKind = (typeof SOURCE_KINDS)[number]

export interface SharedSource {
  kind: SourceKind
  key: string
  /** of a network or its addresses, where it is known */
  name: string | null
  hosting: boolean
  requests: number
}

/** Sources of a kind that are told of. */
const MOST = 5

/** Sources that asked more than once, those with most requests of each kind first. */
export function sharedSources(
  rows: readonly RequestRow[],
  factsOf: (ip: string | null) => SourceFacts,
): SharedSource[] {
  const counts = new Map<SourceKind, Map<string, SharedSource>>()
  const add = (kind: SourceKind, key: string | null, { asnName, hosting }: SourceFacts): void => {
    if (key === null || key === '') return
    const known = counts.get(kind) ?? new Map<string, SharedSource>()
    counts.set(kind, known)
    const source = known.get(key) ?? { kind, key, name: asnName, hosting, requests: 0 }
    source.requests++
    known.set(key, source)
  }
  const nobody = factsOf(null)
  for (const row of rows) {
    const facts = factsOf(row.ip)
    add('network', row.asn === null ? null : `AS${row.asn}`, facts)
    add('subnet', row.subnet, facts)
    add('ip', facts.ipKey, facts)
    add('device', row.deviceId, nobody)
    add('account', row.accountId, nobody)
  }
  return SOURCE_KINDS.flatMap((kind) =>
    [...(counts.get(kind)?.values() ?? [])]
      .filter(({ requests }) => requests > 1 || kind === 'network')
      .sort((a, b) => b.requests - a.requests)
      .slice(0, MOST),
  )
}
