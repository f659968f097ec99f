import { readFileSync } from 'node:fs'
import { type Static, Type } from '@sinclair/typebox'

/** A secret in the configuration: the text itself, or better where it stands. */
export const Secret = Type.Union(
  [
    Type.String({ minLength: 1 }),
    Type.Object({ env: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
    Type.Object({ file: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
  ],
  { description: 'text, { env: NAME } or { file: /path }' },
)
export type Secret = Static<typeof Secret>

/**
 * @param path where it stands in the configuration, for the error
 * @throws when the variable is not set or the file cannot be read or is empty
 */
export function resolveSecret(
  secret: Secret,
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (typeof secret === 'string') return secret
  if ('env' in secret) {
    const value = env[secret.env]
    if (value) return value
    throw new Error(
      `${path}: the environment variable ${secret.env} is not set. Set it and start again`,
    )
  }
  let value: string
  try {
    value = readFileSync(secret.file, 'utf8').trim()
  } catch (cause) {
    throw new Error(`${path}: the file ${secret.file} cannot be read. Check its path and rights`, {
      cause,
    })
  }
  if (value === '') throw new Error(`${path}: the file ${secret.file} is empty`)
  return value
}
