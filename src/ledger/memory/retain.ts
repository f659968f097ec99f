import type { createCatalogue } from './catalogue.js'
import type { Claims } from './claims.js'
import type { Documents } from './documents.js'
import type { Outcomes } from './outcomes.js'
import type { Requests, StoredRequest } from './requests.js'
import type { Tallies } from './tallies.js'
import { isOpen, type Verifications } from './verifications.js'

interface Retained {
  requests: Requests
  verifications: Verifications
  outcomes: Outcomes
  claims: Claims
  catalogue: ReturnType<typeof createCatalogue>
  documents: Documents
  tallies: Tallies
  isOver(entry: StoredRequest): boolean
  dropRequest(entry: StoredRequest): Record<string, number>
}

/** Deletes by age, with the same exceptions as the stored ledgers: the ends of both logs stay. */
export function retain(
  {
    requests,
    verifications,
    outcomes,
    claims,
    catalogue,
    documents,
    tallies,
    isOver,
    dropRequest,
  }: Retained,
  olderThan: { requests: number; verifications: number },
  now: number,
): Record<string, number> {
  const deleted: Record<string, number> = { verifications: 0 }
  const count = (counts: Record<string, number>) => {
    for (const [table, n] of Object.entries(counts)) deleted[table] = (deleted[table] ?? 0) + n
  }
  count({ requests: 0, sends: 0, receipts: 0, outcomes: 0 })
  const ends = [requests.log.newestFirst().next().value?.value.id, outcomes.newest()]
  for (const entry of requests.log.after(0)) {
    const { at, id } = entry.value
    if (at < now - olderThan.requests && isOver(entry) && !ends.includes(id))
      count(dropRequest(entry))
  }
  const before = now - olderThan.verifications
  for (const entry of verifications.log.after(0)) {
    const { createdAt, updatedAt } = entry.value
    if (createdAt >= before || updatedAt >= before || isOpen(entry)) continue
    verifications.remove(entry)
    count({ verifications: 1 })
  }
  count({ claims: claims.expire(now, Number.POSITIVE_INFINITY) })
  count({ listEntries: catalogue.expireListEntries(now) })
  count({ documents: documents.expire(now), tallies: tallies.expire(now, olderThan.requests) })
  return deleted
}
