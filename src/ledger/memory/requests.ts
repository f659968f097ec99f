import type { Numbers } from '../numbers.js'
import type { ConversionFilter, RequestFilter } from '../port.js'
import { hideRequest } from '../pseudonymise.js'
import { CONVERTED, type Credit, type RequestRow, WENT_OUT } from '../rows.js'
import type { Stored } from '../schema.js'
import { requests as codec } from '../tables.js'
import { KeyIndex } from './key-index.js'
import { Log, type Logged } from './log.js'
import { Timetable } from './timetable.js'

export type StoredRequest = Logged<Stored<RequestRow>>

/** Requests by id, verification and number, and by the time their credit matures. */
export class Requests {
  readonly log = new Log<Stored<RequestRow>>()
  readonly #byId = new Map<string, StoredRequest>()
  readonly #byVerification = new KeyIndex<StoredRequest>()
  readonly #byNumber = new KeyIndex<StoredRequest>()
  readonly #maturing = new Timetable()
  /** the clock has stepped back between two rows: order of writing is not order of time */
  #steppedBack = false
  #newestAt = Number.NEGATIVE_INFINITY

  constructor(readonly numbers: Numbers) {}

  has = (id: string): boolean => this.#byId.has(id)
  find = (id: string): StoredRequest | undefined => this.#byId.get(id)
  encode = (row: RequestRow): Stored<RequestRow> => codec.write(hideRequest(row, this.numbers))

  insert(stored: Stored<RequestRow>): void {
    const entry = this.log.push(stored)
    this.#byId.set(stored.id, entry)
    if (stored.verificationId !== null) this.#byVerification.add(stored.verificationId, entry)
    this.#byNumber.add(stored.number, entry)
    if (stored.credit === 'reserved' && stored.maturesAt !== null)
      this.#maturing.add(stored.id, stored.maturesAt)
    if (stored.at < this.#newestAt) this.#steppedBack = true
    this.#newestAt = Math.max(this.#newestAt, stored.at)
  }

  remove(entry: StoredRequest): void {
    const { id, verificationId, number } = entry.value
    this.log.remove(entry)
    this.#byId.delete(id)
    if (verificationId !== null) this.#byVerification.remove(verificationId, entry)
    this.#byNumber.remove(number, entry)
  }

  /** What an erasure leaves of it. */
  rewrite(entry: StoredRequest, patch: Partial<Omit<RequestRow, 'id'>>): void {
    this.#byNumber.remove(entry.value.number, entry)
    entry.value = { ...entry.value, ...codec.patch(patch) }
    this.#byNumber.add(entry.value.number, entry)
  }

  /** @param number as it is kept. Oldest first */
  ofNumber = (number: string): StoredRequest[] => this.#byNumber.of(number)

  /** Newest first. */
  list(filter: RequestFilter): (RequestRow & { seq: number })[] {
    const { verificationId, number, from, limit } = filter
    const few =
      verificationId !== undefined
        ? this.#byVerification.of(verificationId).reverse()
        : number !== undefined
          ? this.#byNumber.of(this.numbers.numberKey(number)).reverse()
          : null
    const fits = this.#test(filter)
    const found: StoredRequest[] = []
    for (const entry of few ?? this.log.newestFirst()) {
      if (!this.#steppedBack && (found.length >= limit || entry.value.at < (from ?? 0))) break
      if (fits(entry)) found.push(entry)
    }
    if (this.#steppedBack) found.sort((a, b) => b.value.at - a.value.at || b.seq - a.seq)
    return found.slice(0, limit).map(numbered)
  }

  #test(filter: RequestFilter): (entry: StoredRequest) => boolean {
    const { service, verificationId, country, from, to, credit, before } = filter
    const number = filter.number === undefined ? undefined : this.numbers.numberKey(filter.number)
    const anchor = before === undefined ? undefined : this.log.after(before - 1).next().value
    const anchorAt = anchor?.seq === before ? anchor?.value.at : undefined
    return ({ seq, value }) =>
      (service === undefined || value.service === service) &&
      (number === undefined || value.number === number) &&
      (verificationId === undefined || value.verificationId === verificationId) &&
      (country === undefined || value.country === country) &&
      (from === undefined || value.at >= from) &&
      (to === undefined || value.at <= to) &&
      (credit === undefined || credit.includes(value.credit as Credit)) &&
      (before === undefined ||
        (anchorAt === undefined || value.at === anchorAt ? seq < before : value.at < anchorAt))
  }

  conversion({ prefix, ...filter }: ConversionFilter): { total: number; converted: number } {
    const fits = this.#test({
      ...filter,
      credit: [...WENT_OUT],
      limit: 0,
    })
    let total = 0
    let converted = 0
    for (const entry of this.log.newestFirst()) {
      const { verificationId, number, block, credit } = entry.value
      if (verificationId === null || !fits(entry)) continue
      if (prefix !== undefined && !block.startsWith(prefix) && !number.startsWith(prefix)) continue
      total += 1
      if (CONVERTED.includes(credit as Credit)) converted += 1
    }
    return { total, converted }
  }

  due(now: number, limit: number): RequestRow[] {
    const ids = this.#maturing.due(
      now,
      limit,
      (id) => this.#byId.get(id)?.value.credit === 'reserved',
    )
    return ids.flatMap((id) => {
      const entry = this.#byId.get(id)
      return entry === undefined ? [] : [readRequest(entry)]
    })
  }

  charges(after: number, limit: number): (RequestRow & { seq: number })[] {
    return this.after(after, limit, ({ value }) => value.charge !== null)
  }

  after(
    after: number,
    limit: number,
    wanted: (entry: StoredRequest) => boolean = () => true,
  ): (RequestRow & { seq: number })[] {
    const found: (RequestRow & { seq: number })[] = []
    for (const entry of this.log.after(after)) {
      if (found.length >= limit) break
      if (wanted(entry)) found.push(numbered(entry))
    }
    return found
  }
}

export const readRequest = (entry: StoredRequest): RequestRow => codec.read(entry.value)
export const numbered = (entry: StoredRequest) => ({ seq: entry.seq, ...codec.read(entry.value) })
