import type { Entry } from '../../desk/lists/list-book.js'
import type { Policy } from '../../engine/policy.js'
import type { DecisionSearch } from '../../ledger/console-port.js'
import type { ListEntryView } from './lists-view.js'

export const entryView = (
  { list, entry, note, source, createdAt, expiresAt }: Entry,
  nameOf: (actor: string) => string,
): ListEntryView => ({
  ...{ list, entry, note, source, createdAt, expiresAt },
  sourceName: nameOf(source),
  service: null,
  hits: null,
  lastHitAt: null,
})

/** Entries of the policy: they are changed there. */
export function policyEntries({ services, fallback }: Policy): ListEntryView[] {
  const of = [...Object.values(services), ...(fallback === null ? [] : [fallback])]
  return of.flatMap(({ name, lists }) =>
    (['allow', 'deny'] as const).flatMap((list) =>
      lists[list].map((entry) => ({
        ...{ list, entry, note: '', source: 'policy', sourceName: 'the policy', service: name },
        ...{ createdAt: null, expiresAt: null, hits: null, lastHitAt: null },
      })),
    ),
  )
}

/** What an entry matches, as decisions are searched. */
export function searchOf(
  entry: string,
): Pick<DecisionSearch, 'number' | 'range' | 'ip' | 'asn' | 'deviceId' | 'accountId'> {
  if (entry.endsWith('*')) return { range: entry.slice(0, -1) }
  if (entry.startsWith('+')) return { number: entry }
  if (/^AS\d+$/.test(entry)) return { asn: Number(entry.slice(2)) }
  if (entry.startsWith('device:')) return { deviceId: entry.slice(7) }
  if (entry.startsWith('account:')) return { accountId: entry.slice(8) }
  return entry.includes('/') ? {} : { ip: entry }
}
