import { type Static, Type } from '@sinclair/typebox'
import { readSecretFile } from './secret-file.js'

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
 * @param env a variable may also be given as a file: `<NAME>_FILE`
 * @throws when neither is set, or the file cannot be read or is empty
 */
export function resolveSecret(
  secret: Secret,
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (typeof secret === 'string') return secret
  if ('env' in secret) {
    const { [secret.env]: value, [`${secret.env}_FILE`]: file } = env
    if (value && file)
      throw new Error(`${path}: ${secret.env} and ${secret.env}_FILE are both set. Set one of them`)
    if (value) return value
    if (file) return readSecretFile(file, `${path}: ${secret.env}_FILE`)
    throw new Error(
      `${path}: the environment variable ${secret.env} is not set, nor is ${secret.env}_FILE. Set one and start again`,
    )
  }
  return readSecretFile(secret.file, path)
}
