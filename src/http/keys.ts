import { hash } from 'node:crypto'
import type { KeyRow } from '../ledger/rows.js'

/** What a key may do. `*` is all of it. */
export const SCOPES = ['decide', 'verify', 'outcomes', 'admin', '*'] as const
export type Scope = (typeof SCOPES)[number]

/** A key id: for Twilio's SDK it must be `AC` and 32 hex digits. No colon: it ends the id in the credentials. */
export const KEY_ID = /^[A-Za-z0-9_-]{3,64}$/
/** Characters of the name of a key. */
export const LONGEST_KEY_NAME = 128

/** SHA-256 is enough: a secret of 32 random bytes cannot be guessed, so slowness would protect nothing. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

interface KeyOptions {
  name: string
  scopes: readonly Scope[]
  /** Unix ms */
  now: number
  /** cryptographically secure */
  random: (bytes: number) => Buffer
  /** @default 'AC' and 32 random hex digits, which Twilio's SDK takes as account SID */
  id?: string
  /** @default 32 random bytes, base64url */
  secret?: string
}

/** A new API key. The secret is shown once: the row holds only its hash. Throws on an id that cannot be one. */
export function createKey(options: KeyOptions): { row: KeyRow; secret: string } {
  const id = options.id ?? `AC${options.random(16).toString('hex')}`
  const secret = options.secret ?? options.random(32).toString('base64url')
  if (!KEY_ID.test(id)) {
    throw new Error(`API key id ${JSON.stringify(id)}: use 3 to 64 letters, digits, - or _`)
  }
  if (secret.length === 0) throw new Error('API key secret is empty: give one or leave it out')
  const row = {
    id,
    secretHash: hashSecret(secret),
    name: options.name,
    scopes: [...options.scopes],
    createdAt: options.now,
    revokedAt: null,
  }
  return { row, secret }
}

/** Twilio's account SID for a key: its id where it has that form, else derived from it. */
export function accountSid(keyId: string): string {
  if (/^AC[0-9a-fA-F]{32}$/.test(keyId)) return keyId
  return `AC${hash('sha256', keyId, 'hex').slice(0, 32)}`
}
