import { type Kysely, sql } from 'kysely'
import type { Numbers } from '../numbers.js'
import type { Database } from '../schema.js'
import { checkKeys } from './vault.js'

export async function ping(db: Kysely<Database>): Promise<void> {
  await sql`select 1 from meta limit 1`.execute(db)
}

/**
 * A ledger is written with one kind of numbers from its first day: under another key nobody's history would be found,
 * and numbers once written in clear would stay on the disk.
 */
export async function checkNumbers(
  db: Kysely<Database>,
  numbers: Numbers,
  where: string,
): Promise<void> {
  const { fingerprint } = numbers
  await db
    .insertInto('meta')
    .values({ name: 'numbers', value: fingerprint })
    .onConflict((c) => c.column('name').doNothing())
    .execute()
  const { value } = await db
    .selectFrom('meta')
    .select('value')
    .where('name', '=', 'numbers')
    .executeTakeFirstOrThrow()
  if (value === fingerprint) {
    if (numbers.vault !== null) await checkKeys(db, numbers.vault, where)
    return
  }
  if (numbers.vault !== null && value === fingerprint.replace('encrypted:', 'hashed:')) {
    // the same hashes: what was written before stays hashed, what comes from now on can be read again
    await checkKeys(db, numbers.vault, where)
    await db.updateTable('meta').set({ value: fingerprint }).where('name', '=', 'numbers').execute()
    return
  }
  const kind = (print: string) =>
    print === 'clear'
      ? 'in clear'
      : `${print.slice(0, print.indexOf(':'))} with key ${print.slice(print.indexOf(':') + 1)}`
  const sameKind = value.split(':')[0] === fingerprint.split(':')[0]
  throw new Error(
    `the ledger ${where} keeps phone numbers ${kind(value)}, it was opened with numbers ${kind(fingerprint)}: ` +
      (sameKind
        ? 'give it the secret that it was created with, TOLLGATE_SECRET or server.key in the data directory; nothing was changed'
        : 'open it as it was created, or start a new file'),
  )
}
