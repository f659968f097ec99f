import type { Kysely } from 'kysely'
import type { Numbers } from './numbers.js'
import * as rows from './queries/vault.js'
import type { SealedNumber } from './rows.js'
import type { Database } from './schema.js'
import type { Vault } from './vault.js'

/** Numbers kept at hand: those of verifications that are open, which every check asks for. */
const AT_HAND = 10_000

export type Run = <T>(query: (db: Kysely<Database>) => Promise<T>) => Promise<T>

/** The vault over a database: numbers by their keys. */
export class NumberBook {
  readonly #atHand = new Map<string, string>()

  constructor(
    readonly numbers: Numbers,
    readonly vault: Vault,
    readonly run: Run,
  ) {}

  /** @param period in which it was seen @returns `null` for what is no number in clear */
  sealed(e164: string, period: number): SealedNumber | null {
    if (!e164.startsWith('+')) return null
    const numberKey = this.numbers.numberKey(e164)
    this.#remember(numberKey, e164)
    return { numberKey, period, ...this.vault.seal(e164, numberKey) }
  }

  /** Numbers behind keys; those that the vault does not have are left out. */
  async reveal(numberKeys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    const unknown = new Set<string>()
    for (const key of numberKeys) {
      const known = this.#atHand.get(key)
      if (known !== undefined) found.set(key, known)
      else if (key.startsWith('h:')) unknown.add(key)
    }
    if (unknown.size === 0) return found
    for (const row of (await this.run((db) => rows.find(db, [...unknown]))).values()) {
      const e164 = this.vault.open(row)
      this.#remember(row.numberKey, e164)
      found.set(row.numberKey, e164)
    }
    return found
  }

  forget(numberKey: string): void {
    this.#atHand.delete(numberKey)
  }

  #remember(numberKey: string, e164: string): void {
    this.#atHand.delete(numberKey)
    this.#atHand.set(numberKey, e164)
    if (this.#atHand.size <= AT_HAND) return
    const [oldest] = this.#atHand.keys()
    if (oldest !== undefined) this.#atHand.delete(oldest)
  }
}
