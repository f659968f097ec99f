import { createKey, hashSecret, KEY_ID } from '../http/keys.js'
import type { Ledger } from '../ledger/port.js'
import { usageFault } from './fault.js'
import { fileOf } from './secret.js'

export interface FirstKey {
  id: string
  /** `null` where it was given by the environment: it is not printed */
  secret: string | null
  origin: 'created' | 'environment'
  /** what curl is given after -u, in a shell that has the same environment */
  user: string
}

interface FirstKeyOptions {
  ledger: Ledger
  env: Readonly<Record<string, string | undefined>>
  now: number
  /** cryptographically secure */
  random: (bytes: number) => Buffer
}

/** The key of TOLLGATE_BOOTSTRAP_KEY (`<id>:<secret>`, or a file with it in TOLLGATE_BOOTSTRAP_KEY_FILE), put before anybody can ask; `null` without one. */
export async function bootstrapKey(options: FirstKeyOptions): Promise<FirstKey | null> {
  const { ledger, env, now, random } = options
  const given = givenKey(env)
  if (given === null) return null
  const { id, secret } = parse(given)
  const known = await ledger.key(id)
  if (known === null || known.secretHash !== hashSecret(secret) || known.revokedAt !== null) {
    // a changed secret, or one revoked by mistake: who sets the environment of the gateway decides
    const { row } = createKey({ name: 'bootstrap', scopes: ['*'], now, random, id, secret })
    await ledger.putKey(row)
  }
  const { TOLLGATE_BOOTSTRAP_KEY: key = '', TOLLGATE_BOOTSTRAP_KEY_FILE: file } = env
  const user = key === '' ? `"$(cat ${file})"` : '"$TOLLGATE_BOOTSTRAP_KEY"'
  return { id, secret: null, origin: 'environment', user }
}

/**
 * A key on a ledger that has none; `null` when there are keys already. Made once the server listens: a start that
 * fails before must not leave behind a key whose secret nobody saw.
 */
export async function firstKey(options: FirstKeyOptions): Promise<FirstKey | null> {
  const { ledger, now, random } = options
  if ((await ledger.keys()).length > 0) return null
  const { row, secret } = createKey({ name: 'first', scopes: ['*'], now, random })
  await ledger.putKey(row)
  return { id: row.id, secret, origin: 'created', user: `${row.id}:${secret}` }
}

function givenKey(env: FirstKeyOptions['env']): string | null {
  const { TOLLGATE_BOOTSTRAP_KEY: key = '', TOLLGATE_BOOTSTRAP_KEY_FILE: file = '' } = env
  if (key !== '' || file === '') return key || null
  return fileOf(file, 'TOLLGATE_BOOTSTRAP_KEY_FILE')
}

function parse(given: string): { id: string; secret: string } {
  const colon = given.indexOf(':')
  const id = given.slice(0, Math.max(0, colon))
  const secret = given.slice(colon + 1)
  if (!KEY_ID.test(id) || secret === '') {
    throw usageFault(
      'TOLLGATE_BOOTSTRAP_KEY is not <id>:<secret>',
      "the id has 3 to 64 letters, digits, - or _ (AC and 32 hex digits for Twilio's SDK); make a secret with: openssl rand -base64 32",
    )
  }
  return { id, secret }
}
