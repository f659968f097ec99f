import { hkdfSync } from 'node:crypto'

/** One key for each purpose out of the server key: what leaks of one says nothing of the others. */
export interface ServerKeys {
  codes: Buffer
  challenges: Buffer
  numbers: Buffer
  /** secrets that operators entrust, and links that they send */
  desk: Buffer
}

const MIN_BYTES = 32

/** @throws Error when the server key is too short to derive from */
export function deriveKeys(serverKey: Buffer): ServerKeys {
  if (serverKey.length < MIN_BYTES) {
    throw new Error(
      `the server key has ${serverKey.length} bytes, at least ${MIN_BYTES} random bytes are needed: openssl rand -hex 32`,
    )
  }
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', serverKey, Buffer.alloc(0), `tollgate ${purpose} v1`, 32))
  return {
    codes: derive('codes'),
    challenges: derive('challenges'),
    numbers: derive('numbers'),
    desk: derive('desk'),
  }
}
