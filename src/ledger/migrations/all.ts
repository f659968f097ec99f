import type { Kysely } from 'kysely'
import type { ColumnTypes } from '../schema.js'
import { initial } from './0001-initial.js'
import { evidence } from './0002-evidence.js'
import { consoleTables } from './0003-console.js'
import { numbers } from './0004-numbers.js'

export interface Migration {
  name: string
  up(db: Kysely<unknown>, types: ColumnTypes): Promise<void>
}

/** In order; the version of a migration is its place, counted from 1. Entries are never changed or removed. */
export const MIGRATIONS: readonly Migration[] = [
  { name: 'initial', up: initial },
  { name: 'evidence', up: evidence },
  { name: 'console', up: consoleTables },
  { name: 'numbers', up: numbers },
]
