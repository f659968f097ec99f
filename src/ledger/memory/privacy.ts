import type { Ledger } from '../port.js'
import type { PrivacyRows } from '../privacy.js'
import type { Documents } from './documents.js'
import type { Outcomes } from './outcomes.js'
import { numbered, type Requests } from './requests.js'
import type { Sends } from './sends.js'
import type { Tallies } from './tallies.js'
import type { Verifications } from './verifications.js'

interface Parts {
  requests: Requests
  verifications: Verifications
  sends: Sends
  outcomes: Outcomes
  documents: Documents
  tallies: Pick<Tallies, 'forget'>
  catalogue: Pick<Ledger, 'listEntries' | 'removeListEntry' | 'policies'>
}

/** A person's records in memory. */
export function privacyRows(parts: Parts): PrivacyRows {
  const { requests, verifications, sends, outcomes, documents, tallies, catalogue } = parts
  return {
    requests: async (number, limit, before = Number.POSITIVE_INFINITY) =>
      requests
        .ofNumber(number)
        .filter(({ seq }) => seq < before)
        .reverse()
        .slice(0, limit)
        .map(numbered),
    verifications: async (number) => verifications.ofNumber(number),
    sends: async (ids) => ids.flatMap((id) => sends.ofRequest(id)),
    receipts: async () => [],
    outcomes: async (ids) => ids.flatMap((id) => outcomes.of(id)),
    lists: async (entries) =>
      (await catalogue.listEntries(Number.NEGATIVE_INFINITY)).filter(({ entry }) =>
        entries.includes(entry),
      ),
    documents: async (texts) => documents.naming(texts),
    policyVersions: async (text) =>
      (await catalogue.policies(Number.POSITIVE_INFINITY))
        .filter(({ yaml }) => yaml.includes(text))
        .map(({ version }) => version)
        .reverse(),

    async patchRequest(id, patch) {
      const entry = requests.find(id)
      if (entry !== undefined && entry.value.credit !== 'reserved') requests.rewrite(entry, patch)
    },
    patchVerification: async (id, version, patch) => verifications.update(id, version, patch),
    patchSend: async (id, patch) => sends.update(id, patch),
    async clearOutcomes(ids) {
      for (const id of ids) outcomes.clear(id)
    },
    removeCounted: async (number) => tallies.forget(number),
    putDocument: documents.putDocument,
    removeDocument: documents.removeDocument,
    removeListEntry: catalogue.removeListEntry,
  }
}
