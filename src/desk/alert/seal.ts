import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'

const NONCE = 12
const TAG = 16

/** Secrets at rest: AES-256-GCM under a key of their own, bound to where they belong. */
export interface Seal {
  seal(secret: string, place: string): string
  /** @throws Error when it was sealed under another key or for another place, or was changed */
  open(sealed: string, place: string): string
}

/**
 * @param deskKey 32 bytes @param random cryptographically secure
 */
export function createSeal(deskKey: Buffer, random: (bytes: number) => Buffer): Seal {
  const key = Buffer.from(
    hkdfSync('sha256', deskKey, Buffer.alloc(0), 'tollgate desk sink secrets v1', 32),
  )
  return {
    seal(secret, place) {
      const nonce = random(NONCE)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
    },
    open(sealed, place) {
      const bytes = Buffer.from(sealed, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), {
        authTagLength: TAG,
      })
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
      return Buffer.concat([
        decipher.update(bytes.subarray(NONCE + TAG)),
        decipher.final(),
      ]).toString('utf8')
    },
  }
}
