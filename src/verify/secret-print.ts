import { hkdfSync } from 'node:crypto'
import { collection } from '../ledger/collection.js'
import type { ConsoleStore } from '../ledger/console-port.js'

/** Where the first gateway leaves the fingerprint, a document. */
export const PRINT = { kind: 'cluster', id: 'secret' } as const

/** Tells one secret from another and gives nothing of it away. */
export const printOf = (secret: Buffer): string =>
  Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'tollgate fingerprint v1', 9)).toString(
    'base64url',
  )

type Store = Pick<ConsoleStore, 'document' | 'documents' | 'putDocument' | 'removeDocument'>

/**
 * All gateways on a ledger have one secret, one that is alone over its restarts too: with another one a code that is out
 * could not be checked, nobody would stay signed in, and sealed values would not open. The first one leaves a fingerprint.
 * @throws Error for a gateway with another secret
 */
export async function checkSecret(store: Store, secret: Buffer, now: number): Promise<void> {
  const prints = collection<{ print: string }>(store, PRINT.kind)
  const print = printOf(secret)
  await prints.put({ id: PRINT.id, at: now, value: { print } }, 0)
  const first = (await prints.get(PRINT.id))?.value.print
  if (first === print) return
  throw new Error(
    `this gateway has another secret (fingerprint ${print}) than the gateways that use this ledger (fingerprint ${first}): ` +
      'give it theirs, as TOLLGATE_SECRET or TOLLGATE_SECRET_FILE, or as server.key in the data directory; when it is lost: tollgate secret replace --help',
  )
}

/**
 * From now on gateways with this secret use the ledger, and no others.
 * @returns its fingerprint; `null` when it is used with this secret already
 */
export async function replaceSecret(
  store: Store,
  secret: Buffer,
  now: number,
): Promise<string | null> {
  const prints = collection<{ print: string }>(store, PRINT.kind)
  const print = printOf(secret)
  if ((await prints.get(PRINT.id))?.value.print === print) return null
  await prints.put({ id: PRINT.id, at: now, value: { print } })
  return print
}
