import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSecretFile } from '../send/secret-file.js'
import { openDataDirectory } from '../verify/data-directory.js'
import { asUsage, usageFault } from './fault.js'

/** 32 random bytes have 43 characters in base64 and 64 in hex. */
const SHORTEST = 32

type Env = Readonly<Record<string, string | undefined>>

/**
 * The secret of the installation, where the environment gives it: TOLLGATE_SECRET, or the file that
 * TOLLGATE_SECRET_FILE names. 64 hex digits are 32 bytes, so that the content of `<data>/server.key` can be given here.
 */
export function secretFromEnvironment(env: Env): Buffer | null {
  const { TOLLGATE_SECRET: text } = env
  // an empty name of a file is none, as everywhere
  const file = env.TOLLGATE_SECRET_FILE || undefined
  if (text !== undefined && file !== undefined)
    throw usageFault('TOLLGATE_SECRET and TOLLGATE_SECRET_FILE are both set', 'set one of them')
  if (text !== undefined) return readSecret(text, 'TOLLGATE_SECRET')
  if (file === undefined) return null
  return readSecret(fileOf(file, 'TOLLGATE_SECRET_FILE'), `TOLLGATE_SECRET_FILE ${file}`)
}

/** A secret's file that the environment names. @throws CliFault that says what is wrong with it */
export function fileOf(file: string, name: string): string {
  try {
    return readSecretFile(file, name)
  } catch (cause) {
    throw usageFault((cause as Error).message, undefined, cause)
  }
}

function readSecret(text: string, where: string): Buffer {
  const secret = text.trim()
  if (/^[0-9a-f]{64}$/i.test(secret)) return Buffer.from(secret, 'hex')
  if (secret.length >= SHORTEST) return Buffer.from(secret)
  throw usageFault(
    `${where} has ${secret.length} characters, at least ${SHORTEST} are needed`,
    'make one with: openssl rand -hex 32',
  )
}

/** The same secret for a command beside a running gateway, which has the directory's lock. */
export async function installationSecret(data: string, env: Env): Promise<Buffer> {
  const given = secretFromEnvironment(env)
  if (given !== null) return given
  const file = join(data, 'server.key')
  if (!existsSync(file)) (await openDataDirectory(data)).release()
  return asUsage('', () => readSecret(readFileSync(file, 'utf8'), file))
}
