import { MIGRATIONS, type Migration } from '../../migrations/all.js'
import { schema } from './0001-schema.js'

/** Migrations of the embedded ledger that its first schema here has in it already. */
const CONTAINED = 3

/** In order, as in `../../migrations/all.ts`: from the fourth on they are the same. */
export const POSTGRES_MIGRATIONS: readonly Migration[] = [
  { name: 'schema', up: schema },
  ...MIGRATIONS.slice(CONTAINED),
]
