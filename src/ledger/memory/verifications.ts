import type { Numbers } from '../numbers.js'
import {
  hideVerification,
  hideVerificationPatch,
  OPEN_STATUS,
  showVerification,
} from '../pseudonymise.js'
import type { VerificationRow } from '../rows.js'
import type { Stored } from '../schema.js'
import { verifications as codec } from '../tables.js'
import { KeyIndex } from './key-index.js'
import { Log, type Logged } from './log.js'
import { Timetable } from './timetable.js'

export type StoredVerification = Logged<Stored<VerificationRow>>

export const isOpen = ({ value }: StoredVerification): boolean =>
  OPEN_STATUS.some((open) => open === value.status)

const addressOf = ({ service, number }: { service: string; number: string }): string =>
  `${service}|${number}`

/** Verifications by id and by number in a service, and by the time they expire. */
export class Verifications {
  readonly log = new Log<Stored<VerificationRow>>()
  readonly #byId = new Map<string, StoredVerification>()
  readonly #byAddress = new KeyIndex<StoredVerification>()
  readonly #expiring = new Timetable()

  constructor(readonly numbers: Numbers) {}

  has = (id: string): boolean => this.#byId.has(id)
  encode = (row: VerificationRow): Stored<VerificationRow> =>
    codec.write(hideVerification(row, this.numbers))
  #read = ({ value }: StoredVerification): VerificationRow =>
    showVerification(codec.read(value), this.numbers)

  insert(stored: Stored<VerificationRow>): void {
    const entry = this.log.push(stored)
    this.#byId.set(stored.id, entry)
    this.#byAddress.add(addressOf(stored), entry)
    if (isOpen(entry)) this.#expiring.add(stored.id, stored.expiresAt)
  }

  remove(entry: StoredVerification): void {
    this.log.remove(entry)
    this.#byId.delete(entry.value.id)
    this.#byAddress.remove(addressOf(entry.value), entry)
  }

  find(id: string): VerificationRow | null {
    const entry = this.#byId.get(id)
    return entry === undefined ? null : this.#read(entry)
  }

  /** @param number as it is kept */
  ofNumber(number: string): VerificationRow[] {
    return [...this.log.after(0)]
      .filter(({ value }) => value.number === number)
      .map((entry) => this.#read(entry))
  }

  isOpen(id: string): boolean {
    const entry = this.#byId.get(id)
    return entry !== undefined && isOpen(entry)
  }

  latest(
    service: string,
    number: string,
    status: readonly VerificationRow['status'][],
  ): VerificationRow | null {
    const address = addressOf({ service, number: this.numbers.numberKey(number) })
    const entry = this.#byAddress
      .of(address)
      .findLast(({ value }) => status.length === 0 || status.some((s) => s === value.status))
    return entry === undefined ? null : this.#read(entry)
  }

  /** Compare-and-set on `version`. */
  update(
    id: string,
    version: number,
    patch: Partial<Omit<VerificationRow, 'id' | 'version'>>,
  ): boolean {
    const entry = this.#byId.get(id)
    if (entry === undefined || entry.value.version !== version) return false
    const before = entry.value
    const wasOpen = isOpen(entry)
    entry.value = {
      ...before,
      ...codec.patch(hideVerificationPatch(id, patch, this.numbers)),
      version: version + 1,
    }
    if (addressOf(before) !== addressOf(entry.value)) {
      this.#byAddress.remove(addressOf(before), entry)
      this.#byAddress.add(addressOf(entry.value), entry)
    }
    if (isOpen(entry) && !(wasOpen && before.expiresAt === entry.value.expiresAt))
      this.#expiring.add(id, entry.value.expiresAt)
    return true
  }

  expired(now: number, limit: number): VerificationRow[] {
    const ids = this.#expiring.due(now, limit, (id, at) => {
      const entry = this.#byId.get(id)
      return entry !== undefined && isOpen(entry) && entry.value.expiresAt === at
    })
    return ids.flatMap((id) => this.find(id) ?? [])
  }
}
