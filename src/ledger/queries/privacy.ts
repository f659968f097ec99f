import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import type { Numbers } from '../numbers.js'
import type { PrivacyRows } from '../privacy.js'
import type { Database } from '../schema.js'
import { documents, listEntries, outcomes, receipts, requests, verifications } from '../tables.js'
import * as catalogue from './catalogue.js'
import { put as putDocument } from './documents.js'
import * as requestQueries from './requests.js'
import * as sendQueries from './sends.js'

/** Below the parameters of one statement. */
const IDS = 500

async function inParts<Id, Row>(
  ids: readonly Id[],
  query: (part: readonly Id[]) => Promise<Row[]>,
): Promise<Row[]> {
  const found: Row[] = []
  for (let i = 0; i < ids.length; i += IDS) found.push(...(await query(ids.slice(i, i + IDS))))
  return found
}

/** @param numbers what is given is in its kept form already, which stays as it is */
export function privacyRows(
  db: Kysely<Database>,
  numbers: Numbers,
  dialect: Dialect,
  now: number,
): PrivacyRows {
  return {
    requests: (number, limit, before) =>
      requestQueries.list(
        db,
        { number, limit, ...(before !== undefined && { before }) },
        numbers,
        dialect,
      ),

    async verifications(number) {
      const rows = await db
        .selectFrom('verifications')
        .select(verifications.columns)
        .where('number', '=', number)
        .orderBy('seq')
        .execute()
      return rows.map((stored) => verifications.read(stored))
    },

    sends: (ids) => sendQueries.ofRequests(db, ids, dialect),
    receipts: (ids) =>
      inParts(ids, async (part) =>
        (
          await db
            .selectFrom('receipts')
            .select(receipts.columns)
            .where('sendId', 'in', part)
            .orderBy('seq')
            .execute()
        ).map((stored) => receipts.read(stored)),
      ),
    outcomes: (ids) =>
      inParts(ids, async (part) =>
        (
          await db
            .selectFrom('outcomes')
            .select(outcomes.columns)
            .where('requestId', 'in', part)
            .orderBy('seq')
            .execute()
        ).map((stored) => outcomes.read(stored)),
      ),

    lists: (entries) =>
      db
        .selectFrom('listEntries')
        .select(listEntries.columns)
        .where('entry', 'in', entries)
        .orderBy('list')
        .execute(),

    async documents(texts) {
      const holds = (column: 'id' | 'parent' | 'body', text: string) =>
        sql<boolean>`${sql.ref(column)} like ${`%${text}%`}`
      const rows = await db
        .selectFrom('documents')
        .select(documents.columns)
        .where((eb) =>
          eb.or(
            texts.flatMap((text) => [
              holds('id', text),
              holds('parent', text),
              holds('body', text),
            ]),
          ),
        )
        .execute()
      return rows.map((stored) => documents.read(stored))
    },

    async policyVersions(text) {
      const rows = await db
        .selectFrom('policies')
        .select('version')
        .where(sql<boolean>`yaml like ${`%${text}%`}`)
        .orderBy('version')
        .execute()
      return rows.map(({ version }) => version)
    },

    async patchRequest(id, patch) {
      await db
        .updateTable('requests')
        .set(requests.patch(patch))
        .where('id', '=', id)
        .where('credit', '<>', 'reserved')
        .execute()
    },
    async patchVerification(id, version, patch) {
      const { numUpdatedRows } = await db
        .updateTable('verifications')
        .set({ ...verifications.patch(patch), version: version + 1 })
        .where('id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    patchSend: (id, patch) => sendQueries.update(db, id, patch, dialect),
    async clearOutcomes(ids) {
      await inParts(ids, async (part) => {
        await db
          .updateTable('outcomes')
          .set({ detail: null })
          .where('requestId', 'in', part)
          .where('detail', 'is not', null)
          .execute()
        return []
      })
    },
    async removeCounted(number) {
      await db.deleteFrom('countedRefusals').where('number', '=', number).execute()
    },
    putDocument: (row, expected) => putDocument(db, row, expected, now),
    async removeDocument(kind, id) {
      const { numDeletedRows } = await db
        .deleteFrom('documents')
        .where('kind', '=', kind)
        .where('id', '=', id)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
    removeListEntry: (list, entry) => catalogue.removeListEntry(db, list, entry),
  }
}
