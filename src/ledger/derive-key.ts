import { hkdfSync } from 'node:crypto'

/** 32 bytes for one purpose: what leaks of them says nothing of the secret, nor of other purposes. */
export function deriveKey(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), purpose, 32))
}
