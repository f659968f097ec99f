import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { deriveKey } from './derive-key.js'
import { LedgerError } from './port.js'
import type { SealedNumber } from './rows.js'

/** Keys that numbers are sealed with. The first seals; all of them open. */
export interface NumberKeys {
  readonly keys: readonly { readonly id: string; readonly secret: Buffer }[]
  /** where they come from, for messages */
  readonly from: string
  /** a key that is lost for good: the ledger is opened without it, so that its numbers can be given up */
  readonly givenUp?: string
  /**
   * Looks whether the keys have changed since the last look; `null`: no.
   * @param force look now, because a key is missing
   */
  readonly again?: (force: boolean) => Pick<NumberKeys, 'keys'> | null
}

export interface Vault {
  /** the key that seals */
  readonly active: string
  readonly keyIds: readonly string[]
  readonly from: string
  readonly givenUp: string | null
  /** Tells two keys of one id apart, without giving anything of either away. `null`: there is no such key. */
  checkOf(keyId: string): string | null
  seal(e164: string, numberKey: string): Pick<SealedNumber, 'keyId' | 'sealed'>
  /** @throws LedgerError when its key is not here, or the row was altered */
  open(row: Omit<SealedNumber, 'period'>): string
}

const IV_BYTES = 12
const TAG_BYTES = 16
const MIN_SECRET_BYTES = 32
const KEY_ID = /^[A-Za-z0-9._-]{1,40}$/

/**
 * AES-256-GCM under a key of each number's own, derived from the ring's key and the number's hash: a sealed number moved
 * to another hash does not open, and random nonces never run out however often a number comes back.
 * @param random source of the nonces
 */
export function openVault(
  { keys, from, givenUp, again }: NumberKeys,
  random: (bytes: number) => Buffer = randomBytes,
): Vault {
  let ring = ringOf(keys, from)

  function follow(force: boolean): void {
    const next = again?.(force)
    if (next != null) ring = ringOf(next.keys, from)
  }

  function cipherKey(keyId: string, numberKey: string): Buffer {
    if (!ring.roots.has(keyId)) follow(true)
    const root = ring.roots.get(keyId)
    if (root !== undefined) return createHmac('sha256', root.seal).update(numberKey).digest()
    throw new LedgerError(
      'lost',
      `a number is sealed with the key ${keyId}, which ${from} does not have: put it back, nothing was changed`,
    )
  }

  return {
    get active() {
      return ring.active
    },
    get keyIds() {
      return [...ring.roots.keys()]
    },
    from,
    givenUp: givenUp ?? null,
    checkOf: (keyId) => ring.roots.get(keyId)?.check ?? null,

    seal(e164, numberKey) {
      follow(false)
      const { active } = ring
      const iv = random(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', cipherKey(active, numberKey), iv)
      const text = Buffer.concat([cipher.update(e164, 'utf8'), cipher.final()])
      const sealed = Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
      return { keyId: active, sealed }
    },

    open({ numberKey, keyId, sealed }) {
      const key = cipherKey(keyId, numberKey)
      try {
        const bytes = Buffer.from(sealed, 'base64url')
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
        decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
        return Buffer.concat([
          decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)),
          decipher.final(),
        ]).toString('utf8')
      } catch (cause) {
        const hint = `a sealed number does not open with the key ${keyId}: the row was altered, restore it from a backup`
        throw new LedgerError('corrupt', hint, { cause })
      }
    },
  }
}

interface Ring {
  active: string
  roots: ReadonlyMap<string, { seal: Buffer; check: string }>
}

function ringOf(keys: NumberKeys['keys'], from: string): Ring {
  const active = keys[0]
  if (active === undefined) throw new Error(`${from} has no key: numbers cannot be encrypted`)
  const roots = new Map<string, { seal: Buffer; check: string }>()
  for (const { id, secret } of keys) {
    if (!KEY_ID.test(id))
      throw new Error(`${from}: key id "${id}": use 1 to 40 letters, digits, ., - or _`)
    if (roots.has(id)) throw new Error(`${from}: there are two keys named ${id}`)
    if (secret.length < MIN_SECRET_BYTES)
      throw new Error(
        `${from}: key ${id} has ${secret.length} bytes, at least ${MIN_SECRET_BYTES} random bytes are needed: openssl rand -hex 32`,
      )
    roots.set(id, {
      seal: deriveKey(secret, 'tollgate number vault v1'),
      check: deriveKey(secret, 'tollgate number vault check v1')
        .subarray(0, 12)
        .toString('base64url'),
    })
  }
  return { active: active.id, roots }
}

const PERIOD_MS = 30 * 86_400_000
/** Of what stays until somebody removes it: entries of lists. */
export const FOR_GOOD = 1_000_000
/** Of what documents say that have no end. */
export const WITH_ITS_DOCUMENT = FOR_GOOD + 1

export const periodOf = (at: number): number => Math.floor(at / PERIOD_MS)

/** Periods before this one hold nothing that is younger than `ageMs`. */
export const periodBefore = (now: number, ageMs: number): number => periodOf(now - ageMs)
