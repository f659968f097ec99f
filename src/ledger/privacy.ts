import type { DocumentRow } from './console-port.js'
import { ERASED, erasedRequest, erasedSend, erasedVerification } from './erased-rows.js'
import type { Numbers } from './numbers.js'
import type { Erasure, PrivacyStore } from './privacy-port.js'
import type {
  ListRow,
  OutcomeRow,
  ReceiptRow,
  RequestRow,
  SendRow,
  VerificationRow,
} from './rows.js'

type Seq = { seq: number }

/** What a database is asked for a person's records. Numbers are in the form in which they are kept. */
export interface PrivacyRows {
  requests(number: string, limit: number, before?: number): Promise<(RequestRow & Seq)[]>
  verifications(number: string): Promise<VerificationRow[]>
  sends(requestIds: readonly string[]): Promise<SendRow[]>
  receipts(sendIds: readonly string[]): Promise<ReceiptRow[]>
  outcomes(requestIds: readonly string[]): Promise<OutcomeRow[]>
  lists(entries: readonly string[]): Promise<ListRow[]>
  /** whose id, parent or body has one of the texts in it */
  documents(texts: readonly string[]): Promise<DocumentRow[]>
  policyVersions(text: string): Promise<number[]>

  /** Settled ones only. */
  patchRequest(id: string, patch: Partial<Omit<RequestRow, 'id'>>): Promise<void>
  /** Compare-and-set on `version`. */
  patchVerification(
    id: string,
    version: number,
    patch: Partial<Omit<VerificationRow, 'id' | 'version'>>,
  ): Promise<boolean>
  patchSend(id: string, patch: Partial<Omit<SendRow, 'id'>>): Promise<boolean>
  /** What others wrote about outcomes. */
  clearOutcomes(requestIds: readonly string[]): Promise<void>
  /** Marks that are only there to count a refusal once. */
  removeCounted(number: string): Promise<void>
  putDocument(row: Omit<DocumentRow, 'version'>, expected: number): Promise<boolean>
  removeDocument(kind: string, id: string): Promise<boolean>
  removeListEntry(list: ListRow['list'], entry: string): Promise<boolean>
}

const PAGE = 500
/** Documents whose id is an entry of a list. */
const ENTRIES: readonly string[] = ['watch', 'list-note']

/** Records of a person and their erasure, over any store. */
export function privacyOver(
  store: PrivacyRows,
  numbers: Pick<Numbers, 'numberKey'>,
): Pick<PrivacyStore, 'recordsOf' | 'erase'> {
  async function requestsOf(number: string): Promise<(RequestRow & Seq)[]> {
    const found: (RequestRow & Seq)[] = []
    for (let before: number | undefined; ; ) {
      const page = await store.requests(number, PAGE, before)
      found.push(...page)
      before = page.at(-1)?.seq
      if (page.length < PAGE || before === undefined) return found
    }
  }

  /** Both forms: lists are in clear where numbers are hashed. */
  const spellings = (e164: string): string[] => [...new Set([e164, numbers.numberKey(e164)])]

  async function documentsOf(e164: string): Promise<DocumentRow[]> {
    const forms = spellings(e164).map(wholly)
    const found = await store.documents(spellings(e164))
    // a longer number begins like it
    return found.filter(({ id, parent, body }) => {
      const text = JSON.stringify([id, parent, body])
      return forms.some((form) => text.search(form) >= 0)
    })
  }

  const isEntry = ({ kind, id }: DocumentRow, e164: string): boolean =>
    ENTRIES.includes(kind) && spellings(e164).some((form) => id.split('|').at(-1) === form)

  return {
    async recordsOf(e164) {
      const number = numbers.numberKey(e164)
      const requests = await requestsOf(number)
      const ids = requests.map(({ id }) => id)
      const sends = await store.sends(ids)
      return {
        requests,
        verifications: await store.verifications(number),
        sends,
        receipts: await store.receipts(sends.map(({ id }) => id)),
        outcomes: await store.outcomes(ids),
        lists: await store.lists(spellings(e164)),
        documents: await documentsOf(e164),
        policyVersions: await store.policyVersions(e164),
      }
    },

    async erase(e164, { now, lists }): Promise<Erasure> {
      const number = numbers.numberKey(e164)
      let verifications = 0
      // first, so that nothing more is charged for it while its requests are erased
      for (const row of await store.verifications(number)) {
        if (await eraseVerification(store, row, now)) verifications++
      }
      const all = await requestsOf(number)
      const open = all.filter(({ credit }) => credit === 'reserved')
      const settled = all.filter(({ credit }) => credit !== 'reserved')
      const sends = await store.sends(settled.map(({ id }) => id))
      for (const { id } of sends) await store.patchSend(id, erasedSend())
      await store.clearOutcomes(settled.map(({ id }) => id))
      for (const row of settled) await store.patchRequest(row.id, erasedRequest(row))
      await store.removeCounted(number)

      const named = await store.lists(spellings(e164))
      const documents = await documentsOf(e164)
      const entries = documents.filter((row) => isEntry(row, e164))
      const watched = entries.some(({ kind }) => kind === 'watch')
      if (lists) {
        for (const { list, entry } of named) await store.removeListEntry(list, entry)
        for (const { kind, id } of entries) await store.removeDocument(kind, id)
      }
      let written = 0
      for (const row of documents)
        if (!isEntry(row, e164) && (await eraseIn(store, row, spellings(e164)))) written++
      return {
        requests: settled.length,
        verifications,
        sends: sends.length,
        documents: written,
        lists: lists ? named.length + (watched ? 1 : 0) : 0,
        listsLeft: lists ? [] : named.map(({ list }) => list),
        watchLeft: watched && !lists,
        inFlight: open.length,
        inFlightUntil: open.reduce<number | null>(
          (until, { maturesAt }) => Math.max(until ?? 0, maturesAt ?? 0),
          null,
        ),
        policyVersions: await store.policyVersions(e164),
      }
    },
  }
}

/** @returns false when it was erased before */
async function eraseVerification(
  store: PrivacyRows,
  first: VerificationRow,
  now: number,
): Promise<boolean> {
  let row: VerificationRow | undefined = first
  while (row !== undefined) {
    if (await store.patchVerification(row.id, row.version, erasedVerification(row, now)))
      return true
    // a check came in between
    const id: string = row.id
    row = (await store.verifications(first.number)).find((other) => other.id === id)
  }
  return false
}

async function eraseIn(
  store: PrivacyRows,
  first: DocumentRow,
  forms: readonly string[],
): Promise<boolean> {
  const clean = (text: string): string =>
    forms.reduce((cleaned, form) => cleaned.replace(wholly(form), ERASED), text)
  const { version, ...row } = first
  const body: unknown = JSON.parse(clean(JSON.stringify(row.body)))
  return store.putDocument({ ...row, parent: clean(row.parent), body }, version)
}

/** A number or its hash, and nothing longer that begins so. */
const wholly = (form: string): RegExp =>
  new RegExp(`${form.replace('+', '\\+')}(?![0-9A-Za-z_-])`, 'g')
