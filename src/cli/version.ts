import { createRequire } from 'node:module'

/** Version of the package this command belongs to: `package.json` is two folders up from `src/cli` and `dist/cli`. */
export const VERSION: string = (
  createRequire(import.meta.url)('../../package.json') as { version: string }
).version
