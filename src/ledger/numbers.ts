import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { deriveKey } from './derive-key.js'
import { LedgerError } from './port.js'
import { type NumberKeys, openVault, type Vault } from './vault.js'

/**
 * How phone numbers are kept. Callers always speak E.164; what lies on disk is either that, or a keyed hash to find a
 * number by and a sealed copy for as long as messages may still have to be sent to it.
 */
export interface Numbers {
  readonly pseudonymises: boolean
  /** Says which key a ledger was written with, without giving anything of the key away. */
  readonly fingerprint: string
  /** The form in which a number is kept and looked up. A value that already has this form stays as it is. */
  numberKey(e164: string): string
  /** For `VerificationRow.to`, which has to be readable again. */
  seal(e164: string, verificationId: string): string
  open(sealed: string, verificationId: string): string
  /** Where numbers are kept readable under keys that can be changed; `null`: only in clear, or only as hashes. */
  readonly vault: Vault | null
}

/** As an installation chooses it. The same `hashedWith` finds the same numbers, encrypted or not. */
export type NumbersOption =
  | 'clear'
  | { hashedWith: Buffer }
  | { hashedWith: Buffer; encryptedWith: NumberKeys }

/** @param option keys of at least 32 random bytes */
export function numbersOf(option: NumbersOption): Numbers {
  if (option === 'clear') return clearNumbers()
  return 'encryptedWith' in option
    ? encryptedNumbers(option.hashedWith, option.encryptedWith)
    : hashedNumbers(option.hashedWith)
}

/** Numbers are kept as they are. */
export function clearNumbers(): Numbers {
  return {
    pseudonymises: false,
    fingerprint: 'clear',
    numberKey: (e164) => e164,
    seal: (e164) => e164,
    open: (kept) => kept,
    vault: null,
  }
}

const HASH_PREFIX = 'h:'
const SEAL_PREFIX = 's1:'
/** 128 bits: no two of 10^15 subscribers collide in practice, and an index entry stays short. */
const HASH_BYTES = 16
const IV_BYTES = 12
const TAG_BYTES = 16
/** A number has fewer than 2^50 values: only the key protects the hash, so it must not be guessable. */
const MIN_SECRET_BYTES = 32

/**
 * Numbers are kept as HMAC-SHA-256 and sealed with AES-256-GCM, under two keys derived from `secret`.
 * @param secret at least 32 random bytes; whoever has it can undo the hashes by trying all numbers
 * @param random source of the nonces
 */
export function hashedNumbers(
  secret: Buffer,
  random: (bytes: number) => Buffer = randomBytes,
): Numbers {
  if (secret.length < MIN_SECRET_BYTES) {
    throw new Error(
      `the key that phone numbers are hashed with has ${secret.length} bytes, at least ${MIN_SECRET_BYTES} random bytes are needed`,
    )
  }
  const hashKey = deriveKey(secret, 'tollgate ledger number hash v1')
  const sealRoot = deriveKey(secret, 'tollgate ledger number seal v1')
  const hash = (text: string) =>
    createHmac('sha256', hashKey)
      .update(text)
      .digest()
      .subarray(0, HASH_BYTES)
      .toString('base64url')
  // One key for each verification: a sealed number moved to another row does not open, and nonces never run out.
  const sealKey = (verificationId: string) =>
    createHmac('sha256', sealRoot).update(verificationId).digest()

  return {
    vault: null,
    pseudonymises: true,
    fingerprint: `hashed:${hash('fingerprint')}`,
    numberKey: (e164) =>
      // what is no number stays: a hash, nothing, what an erasure left
      e164.startsWith('+') ? HASH_PREFIX + hash(e164) : e164,

    seal(e164, verificationId) {
      if (e164 === '') return ''
      const iv = random(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealKey(verificationId), iv)
      const text = Buffer.concat([cipher.update(e164, 'utf8'), cipher.final()])
      return SEAL_PREFIX + Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
    },

    open(sealed, verificationId) {
      if (sealed === '') return ''
      try {
        if (!sealed.startsWith(SEAL_PREFIX))
          throw new Error(`expected a value that begins with ${SEAL_PREFIX}`)
        const bytes = Buffer.from(sealed.slice(SEAL_PREFIX.length), 'base64url')
        const decipher = createDecipheriv(
          'aes-256-gcm',
          sealKey(verificationId),
          bytes.subarray(0, IV_BYTES),
        )
        decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
        return Buffer.concat([
          decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)),
          decipher.final(),
        ]).toString('utf8')
      } catch (cause) {
        const hint = `the sealed number of verification ${verificationId} does not open: the row was altered, restore it from a backup`
        throw new LedgerError('corrupt', hint, { cause })
      }
    },
  }
}

/**
 * As hashed, and each number once more in the vault, sealed under a key that can be changed while the gateway runs.
 * What a row says of its number is the hash alone; the ledger looks the number up when it gives the row out.
 * @param secret as of `hashedNumbers`: numbers are looked up by it, whatever keys seal them
 */
function encryptedNumbers(secret: Buffer, keys: NumberKeys): Numbers {
  const hashed = hashedNumbers(secret)
  return {
    ...hashed,
    fingerprint: hashed.fingerprint.replace('hashed:', 'encrypted:'),
    seal: () => '',
    open: () => '',
    vault: openVault(keys),
  }
}
