import { type Kysely, sql } from 'kysely'
import type { Numbers } from '../numbers.js'
import type { Database } from '../schema.js'

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
  if (value === fingerprint) return
  const kind = (print: string) =>
    print === 'clear' ? 'in clear' : `hashed with key ${print.slice(print.indexOf(':') + 1)}`
  throw new Error(
    `the ledger ${where} keeps phone numbers ${kind(value)}, it was opened with numbers ${kind(fingerprint)}: ` +
      'open it as it was created, or start a new file',
  )
}
