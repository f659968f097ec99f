import type { SendRow, SendStatus } from '../rows.js'
import type { Stored } from '../schema.js'
import { sends as codec } from '../tables.js'
import { KeyIndex } from './key-index.js'
import { Log, type Logged } from './log.js'

type StoredSend = Logged<Stored<SendRow>>

/** Messages by id, request, verification and the provider's own id, with how many receipts came for each. */
export class Sends {
  readonly log = new Log<Stored<SendRow>>()
  readonly #byId = new Map<string, StoredSend>()
  readonly #byRequest = new KeyIndex<StoredSend>()
  readonly #byVerification = new KeyIndex<StoredSend>()
  readonly #byProvider = new KeyIndex<StoredSend>()
  /** nobody reads receipts back from a ledger: what they say of a message is in its row */
  readonly #receipts = new Map<string, number>()

  has = (id: string): boolean => this.#byId.has(id)
  encode = (row: SendRow): Stored<SendRow> => codec.write(row)

  insert(value: Stored<SendRow>): void {
    const entry = this.log.push(value)
    this.#byId.set(value.id, entry)
    this.#byRequest.add(value.requestId, entry)
    this.#byVerification.add(value.verificationId, entry)
    if (value.providerId !== null) this.#byProvider.add(providerKey(value), entry)
  }

  receipt(sendId: string): void {
    if (this.#byId.has(sendId)) this.#receipts.set(sendId, (this.#receipts.get(sendId) ?? 0) + 1)
  }

  find(id: string): SendRow | null {
    return read(this.#byId.get(id))
  }

  /** The newest one, should a provider use an id again. */
  findByProvider(provider: string, providerId: string): SendRow | null {
    const entries = this.#byProvider.of(providerKey({ provider, providerId }))
    return read(entries.sort((a, b) => a.seq - b.seq).at(-1))
  }

  ofVerification(verificationId: string): SendRow[] {
    return this.#byVerification.of(verificationId).map(({ value }) => codec.read(value))
  }

  ofRequest(requestId: string): SendRow[] {
    return this.#byRequest.of(requestId).map(({ value }) => codec.read(value))
  }

  /** Newest message of a request: who took it, and whether he has answered. */
  newestOf(requestId: string): Pick<Stored<SendRow>, 'provider' | 'status'> | null {
    return this.#byRequest.of(requestId).at(-1)?.value ?? null
  }

  update(id: string, patch: Partial<Omit<SendRow, 'id'>>, from?: readonly SendStatus[]): boolean {
    const entry = this.#byId.get(id)
    if (entry === undefined || from?.includes(entry.value.status) === false) return false
    if (entry.value.providerId !== null) this.#byProvider.remove(providerKey(entry.value), entry)
    entry.value = { ...entry.value, ...codec.patch(patch) }
    if (entry.value.providerId !== null) this.#byProvider.add(providerKey(entry.value), entry)
    return true
  }

  markInterrupted(now: number, olderThanMs: number): number {
    let marked = 0
    for (const { value } of this.#byId.values()) {
      if (value.status !== 'pending') continue
      if (olderThanMs > 0 && value.at > now - olderThanMs) continue
      this.update(value.id, { status: 'unknown', updatedAt: now })
      marked++
    }
    return marked
  }

  /** A request goes with its messages and their receipts. */
  removeOf(requestId: string): { sends: number; receipts: number } {
    const gone = this.#byRequest.take(requestId)
    let receipts = 0
    for (const entry of gone) {
      const { id, verificationId, providerId } = entry.value
      receipts += this.#receipts.get(id) ?? 0
      this.#receipts.delete(id)
      this.#byId.delete(id)
      this.log.remove(entry)
      this.#byVerification.remove(verificationId, entry)
      if (providerId !== null) this.#byProvider.remove(providerKey(entry.value), entry)
    }
    return { sends: gone.length, receipts }
  }
}

const providerKey = (of: { provider: string | null; providerId: string | null }): string =>
  `${of.provider}|${of.providerId}`
const read = (entry: StoredSend | undefined): SendRow | null =>
  entry === undefined ? null : codec.read(entry.value)
