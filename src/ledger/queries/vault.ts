import type { Kysely } from 'kysely'
import type { ListRow, SealedNumber } from '../rows.js'
import type { Database } from '../schema.js'
import { FOR_GOOD, type Vault } from '../vault.js'

/** Below the parameters of one statement in both databases, with four columns a row. */
const ROWS_PER_QUERY = 500

/** What is there already stands. */
export async function put(db: Kysely<Database>, rows: readonly SealedNumber[]): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_PER_QUERY)
    await db
      .insertInto('numbers')
      .values(rows.slice(i, i + ROWS_PER_QUERY))
      .onConflict((c) => c.doNothing())
      .execute()
}

/** One row for each key that is there: any, all of a key say the same. */
export async function find(
  db: Kysely<Database>,
  numberKeys: readonly string[],
): Promise<Map<string, SealedNumber>> {
  const found = new Map<string, SealedNumber>()
  for (let i = 0; i < numberKeys.length; i += ROWS_PER_QUERY) {
    const rows = await db
      .selectFrom('numbers')
      .selectAll()
      .where('numberKey', 'in', numberKeys.slice(i, i + ROWS_PER_QUERY))
      .execute()
    for (const row of rows) found.set(row.numberKey, row)
  }
  return found
}

/** How many rows each key has sealed. */
export async function census(db: Kysely<Database>): Promise<{ keyId: string; rows: number }[]> {
  const counts = await db
    .selectFrom('numbers')
    .select(['keyId', ({ fn }) => fn.countAll<number>().as('rows')])
    .groupBy('keyId')
    .orderBy('keyId')
    .execute()
  return counts.map(({ keyId, rows }) => ({ keyId, rows: Number(rows) }))
}

/** What is remembered of every key that ever sealed here. */
const CHECK = 'numberKey:'

/**
 * Every number that is sealed here can be opened, and the key that seals is remembered.
 * @throws Error when a key is missing, or another one has its id; nothing is changed then
 */
export async function checkKeys(db: Kysely<Database>, vault: Vault, where: string): Promise<void> {
  const known = await db.selectFrom('meta').selectAll().where('name', 'like', `${CHECK}%`).execute()
  for (const { name, value } of known) {
    const keyId = name.slice(CHECK.length)
    const check = vault.checkOf(keyId)
    if (check === value || keyId === vault.givenUp) continue
    if (check !== null) throw otherKey(keyId, vault, where)
    const sealed = await db
      .selectFrom('numbers')
      .select('keyId')
      .where('keyId', '=', keyId)
      .limit(1)
      .executeTakeFirst()
    if (sealed !== undefined)
      throw new Error(
        `the ledger ${where} has numbers that are sealed with the key ${keyId}, which ${vault.from} does not have: ` +
          `put it back and run: tollgate numbers rotate. If it is lost for good: tollgate numbers forget ${keyId}; nothing was changed`,
      )
  }
  await db
    .insertInto('meta')
    .values({ name: CHECK + vault.active, value: vault.checkOf(vault.active) ?? '' })
    .onConflict((c) => c.column('name').doNothing())
    .execute()
  // of two gateways that start at once with different keys of one id, one is told
  const { value } = await db
    .selectFrom('meta')
    .select('value')
    .where('name', '=', CHECK + vault.active)
    .executeTakeFirstOrThrow()
  if (value !== vault.checkOf(vault.active)) throw otherKey(vault.active, vault, where)
}

const otherKey = (keyId: string, { from }: Vault, where: string): Error =>
  new Error(
    `the key ${keyId} of ${from} is not the one that the ledger ${where} was written with: ` +
      'put that one back, or give this one another id; nothing was changed',
  )

export async function otherThan(
  db: Kysely<Database>,
  active: string,
  limit: number,
): Promise<SealedNumber[]> {
  return db.selectFrom('numbers').selectAll().where('keyId', '<>', active).limit(limit).execute()
}

/** Only as long as it is what was read: whoever was faster has done it. */
export async function reseal(
  db: Kysely<Database>,
  { numberKey, period, keyId }: SealedNumber,
  next: Pick<SealedNumber, 'keyId' | 'sealed'>,
): Promise<void> {
  await db
    .updateTable('numbers')
    .set(next)
    .where('numberKey', '=', numberKey)
    .where('period', '=', period)
    .where('keyId', '=', keyId)
    .execute()
}

/** @returns how many went */
export async function forgetKey(
  db: Kysely<Database>,
  keyId: string,
  limit: number,
): Promise<number> {
  const some = await db
    .selectFrom('numbers')
    .select(['numberKey', 'period'])
    .where('keyId', '=', keyId)
    .limit(limit)
    .execute()
  for (const { numberKey, period } of some)
    await db
      .deleteFrom('numbers')
      .where('numberKey', '=', numberKey)
      .where('period', '=', period)
      .where('keyId', '=', keyId)
      .execute()
  if (some.length < limit)
    await db
      .deleteFrom('meta')
      .where('name', '=', CHECK + keyId)
      .execute()
  return some.length
}

export async function remove(db: Kysely<Database>, numberKey: string): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('numbers')
    .where('numberKey', '=', numberKey)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** Numbers of periods that are over; entries of lists that nobody has any more. */
export async function retain(db: Kysely<Database>, before: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('numbers')
    .where('period', '<', before)
    .executeTakeFirst()
  return Number(numDeletedRows) + (await sweep(db))
}

/** Documents whose ids are entries of lists. */
export const OF_LISTS: readonly string[] = ['watch', 'list-note']
const LISTS: readonly ListRow['list'][] = ['allow', 'deny']

async function sweep(db: Kysely<Database>): Promise<number> {
  const kept = await db
    .selectFrom('numbers')
    .select('numberKey')
    .where('period', '=', FOR_GOOD)
    .execute()
  let gone = 0
  for (const { numberKey } of kept) {
    const entry = await db
      .selectFrom('listEntries')
      .select('entry')
      .where('list', 'in', LISTS)
      .where('entry', '=', numberKey)
      .executeTakeFirst()
    const ids = [numberKey, ...LISTS.map((list) => `${list}|${numberKey}`)]
    const document = await db
      .selectFrom('documents')
      .select('id')
      .where('kind', 'in', OF_LISTS)
      .where('id', 'in', ids)
      .executeTakeFirst()
    if (entry !== undefined || document !== undefined) continue
    const { numDeletedRows } = await db
      .deleteFrom('numbers')
      .where('numberKey', '=', numberKey)
      .where('period', '=', FOR_GOOD)
      .executeTakeFirst()
    gone += Number(numDeletedRows)
  }
  return gone
}
