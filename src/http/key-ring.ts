import { hash, timingSafeEqual } from 'node:crypto'
import { type Ledger, LedgerError } from '../ledger/port.js'
import type { KeyRow } from '../ledger/rows.js'
import { TokenBucket, TokenBuckets } from './bucket.js'
import { inTime } from './in-time.js'
import type { KeyCopy } from './key-copy.js'
import { accountSid, hashSecret, KEY_ID } from './keys.js'
import { Refusal } from './refusal.js'

/** Who asks. */
export interface Principal {
  id: string
  accountSid: string
  scopes: ReadonlySet<string>
  /** bounds the requests of this key on this node */
  bucket: TokenBucket
}

export interface KeyRingOptions {
  ledger: Pick<Ledger, 'key'>
  clock: () => number
  /** ms for which a key is taken without asking the ledger again: the longest a revoked key still works */
  recheckMs: number
  /**
   * ms since the ledger was last asked for which a key is taken while the ledger is lost; revocations wait as long.
   * @default 0
   */
  withoutLedgerMs?: number
  /** proves keys that this process has not met while the ledger is lost, within `withoutLedgerMs`. @default nothing does */
  copy?: KeyCopy
  /** requests per second and key */
  requestsPerSecond: number
  /** failed attempts per minute and source address */
  failuresPerMinute: number
}

/** Credentials remembered; a deployment has few keys. */
const REMEMBERED = 1000
/** Source addresses whose failures are counted. */
const SOURCES = 20_000
/** Longer than any id and secret of ours in Base64. */
const LONGEST_HEADER = 1024
/** Compared with where there is no such key, so that an unknown id takes as long as a wrong secret. */
const NOBODY = hashSecret('')

interface Remembered {
  principal: Principal
  header: string
  secretHash: string
  checkedAt: number
  /** when the ledger said so last */
  provenAt: number
  recheck: Promise<boolean> | null
}

/** A key, and when the ledger said so, Unix ms. */
interface Found {
  row: KeyRow
  at: number
}

/** Keeps the credentials that were proven lately, so that a request costs one comparison or one hash, and no read. */
export class KeyRing {
  readonly #options: KeyRingOptions
  /** By the digest of the whole header: a look-up by the secret itself could be timed. */
  readonly #remembered = new Map<string, Remembered>()
  /** who asked last: the next request is mostly theirs, and comparing costs a tenth of the digest */
  #last: Remembered | null = null
  readonly #buckets = new Map<string, TokenBucket>()
  readonly #failures: TokenBuckets

  /** @param failures those that count together with another ring's. @default its own */
  constructor(options: KeyRingOptions, failures?: TokenBuckets) {
    this.#options = options
    const perMinute = options.failuresPerMinute
    this.#failures = failures ?? new TokenBuckets(perMinute / 60, perMinute, SOURCES)
  }

  /** A ring of its own that takes keys for longer while the ledger is lost. Guesses count in both alike. */
  apart(withoutLedgerMs: number): KeyRing {
    return new KeyRing({ ...this.#options, withoutLedgerMs }, this.#failures)
  }

  /** The holder of credentials proven within `recheckMs`, at once. */
  recall(header: string | undefined): Principal | null {
    if (header === undefined || header.length > LONGEST_HEADER) return null
    let known = this.#last
    if (known === null || !sameText(known.header, header)) {
      known = this.#remembered.get(digest(header)) ?? null
      if (known === null) return null
      this.#last = known
    }
    return this.#isFresh(known) ? known.principal : null
  }

  /** When a request with a key was last let in by this process, Unix ms; `null`: not since it started. */
  lastUse(keyId: string): number | null {
    return this.#buckets.get(keyId)?.takenAt ?? null
  }

  /** Proves credentials against the ledger. Rejects with a Refusal. */
  async prove(header: string | undefined, source: string): Promise<Principal> {
    if (header === undefined) throw new Refusal('unauthenticated')
    if (header.length > LONGEST_HEADER) throw new Refusal('unauthenticated')
    const mark = digest(header)
    const known = this.#remembered.get(mark)
    if (known && (await this.#stillGood(known))) return known.principal
    this.#remembered.delete(mark)
    this.#last = null

    const now = this.#options.clock()
    const failures = this.#failures.of(source, now)
    const wait = failures.take(now)
    if (wait > 0) {
      throw new Refusal('rate_limited', 'Too many failed attempts from this address.', {
        retryAt: now + wait,
      })
    }
    const given = credentials(header)
    const found = given === null ? null : await this.#keyOf(given.id, failures)
    const row = found?.row ?? null
    const matches = equal(hashSecret(given?.secret ?? ''), row?.secretHash ?? NOBODY)
    if (!matches || !found || !row || row.revokedAt !== null) throw new Refusal('unauthenticated')
    failures.giveBack()
    return this.#remember(mark, header, found)
  }

  /** A ledger that does not answer says nothing about who asks: no failure is counted, unless its copy has the key. */
  async #keyOf(id: string, failures: TokenBucket): Promise<Found | null> {
    const { clock, copy, withoutLedgerMs = 0 } = this.#options
    try {
      const row = await this.#ask(id)
      return row === null ? null : { row, at: clock() }
    } catch (error) {
      const copied = error instanceof LedgerError ? copy?.find(id, withoutLedgerMs) : null
      if (copied) return copied
      failures.giveBack()
      throw error
    }
  }

  /** Where it can be done without, one that stands still is not waited for. */
  #ask(id: string): Promise<KeyRow | null> {
    const { ledger, withoutLedgerMs = 0 } = this.#options
    const asked = ledger.key(id)
    return withoutLedgerMs > 0 ? inTime(asked) : asked
  }

  /** A clock that was set back must not keep a revoked key alive. */
  #isFresh({ checkedAt }: Remembered): boolean {
    const age = this.#options.clock() - checkedAt
    return age >= 0 && age < this.#options.recheckMs
  }

  // A source that others misuse must not lock out the client that proved itself before: no failure is counted here.
  #stillGood(known: Remembered): Promise<boolean> {
    if (this.#isFresh(known)) return Promise.resolve(true)
    known.recheck ??= this.#recheck(known).finally(() => {
      known.recheck = null
    })
    return known.recheck
  }

  async #recheck(known: Remembered): Promise<boolean> {
    const { clock, withoutLedgerMs = 0 } = this.#options
    try {
      const row = await this.#ask(known.principal.id)
      const good = row !== null && row.revokedAt === null && row.secretHash === known.secretHash
      if (!good) return false
      known.checkedAt = clock()
      known.provenAt = known.checkedAt
      known.principal.scopes = new Set(row.scopes)
      return true
    } catch (error) {
      const age = clock() - known.provenAt
      if (!(error instanceof LedgerError) || age < 0 || age >= withoutLedgerMs) throw error
      known.checkedAt = clock()
      return true
    }
  }

  #remember(mark: string, header: string, { row, at }: Found): Principal {
    const { clock, requestsPerSecond } = this.#options
    if (this.#remembered.size >= REMEMBERED) {
      const [oldest] = this.#remembered.keys()
      if (oldest !== undefined) this.#remembered.delete(oldest)
    }
    const now = clock()
    // One bucket a key, however many ways there are to write its credentials.
    let bucket = this.#buckets.get(row.id)
    if (!bucket) {
      if (this.#buckets.size >= REMEMBERED) this.#buckets.clear()
      bucket = new TokenBucket(requestsPerSecond, requestsPerSecond, now)
      this.#buckets.set(row.id, bucket)
    }
    const principal = {
      id: row.id,
      accountSid: accountSid(row.id),
      scopes: new Set(row.scopes),
      bucket,
    }
    this.#remembered.set(mark, {
      principal,
      header,
      secretHash: row.secretHash,
      checkedAt: now,
      provenAt: at,
      recheck: null,
    })
    return principal
  }
}

const digest = (header: string): string => hash('sha256', header, 'base64')

/** Takes as long for any text of the same length: no answer's time tells how much of a secret was right. */
function sameText(kept: string, given: string): boolean {
  if (kept.length !== given.length) return false
  let differs = 0
  for (let i = 0; i < kept.length; i++) differs |= kept.charCodeAt(i) ^ given.charCodeAt(i)
  return differs === 0
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

/** `Basic base64(id:secret)` or `Bearer id:secret`. */
function credentials(header: string): { id: string; secret: string } | null {
  const [scheme, value] = header.split(' ', 2)
  if (scheme === undefined || value === undefined) return null
  const kind = scheme.toLowerCase()
  if (kind !== 'basic' && kind !== 'bearer') return null
  const pair = kind === 'basic' ? Buffer.from(value, 'base64').toString('utf8') : value
  const colon = pair.indexOf(':')
  if (colon < 0) return null
  const id = pair.slice(0, colon)
  return KEY_ID.test(id) ? { id, secret: pair.slice(colon + 1) } : null
}
