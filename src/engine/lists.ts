import type { Facts, ListMatch } from './facts.js'

/**
 * Allow and deny lists. An entry is a number (`+2348031234567`), a range (`+23480*`), an address or subnet as the
 * facts key it (`203.0.113.7`, `203.0.113.0/24`, `2001:db8::/64`, `2001:db8::/48`), a network (`AS64500`), a device
 * (`device:x`) or an account (`account:x`).
 */
export interface ListMatcher {
  /** Strongest match, deny before allow; `null` when nothing matches. */
  match(facts: Pick<Facts, 'number' | 'source' | 'context'>): ListMatch | null
  readonly size: number
}

interface Compiled {
  exact: ReadonlySet<string>
  prefixes: ReadonlySet<string>
  /** lengths of the prefixes, so that a look-up is a few set reads */
  lengths: readonly number[]
}

function compile(entries: readonly string[]): Compiled {
  const exact = new Set<string>()
  const prefixes = new Set<string>()
  for (const entry of entries) {
    if (entry.endsWith('*')) prefixes.add(entry.slice(0, -1))
    else exact.add(entry)
  }
  return { exact, prefixes, lengths: [...new Set([...prefixes].map((p) => p.length))] }
}

function find(list: Compiled, facts: Pick<Facts, 'number' | 'source' | 'context'>): string | null {
  if (list.exact.size + list.prefixes.size === 0) return null
  const { number, source, context } = facts
  for (const length of list.lengths) {
    const prefix = number.e164.slice(0, length)
    if (prefix.length === length && list.prefixes.has(prefix)) return `${prefix}*`
  }
  const candidates = [
    number.e164,
    source.ip,
    source.ipKey,
    source.subnetKey,
    source.asn === null ? null : `AS${source.asn}`,
    context.deviceId === null ? null : `device:${context.deviceId}`,
    context.accountId === null ? null : `account:${context.accountId}`,
  ]
  return candidates.find((c) => c !== null && c !== '' && list.exact.has(c)) ?? null
}

export function compileLists(lists: {
  allow: readonly string[]
  deny: readonly string[]
}): ListMatcher {
  const allow = compile(lists.allow)
  const deny = compile(lists.deny)
  return {
    size: lists.allow.length + lists.deny.length,
    match(facts) {
      const denied = find(deny, facts)
      if (denied !== null) return { list: 'deny', entry: denied }
      const allowed = find(allow, facts)
      return allowed === null ? null : { list: 'allow', entry: allowed }
    },
  }
}
