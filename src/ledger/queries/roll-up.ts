import { type Kysely, sql } from 'kysely'
import type { Reason, Verdict } from '../../engine/decision.js'
import type { Awaited, RollUpStore } from '../roll-up.js'
import { CONVERTED } from '../rows.js'
import type { Database } from '../schema.js'
import type { CountedRequest } from '../tally.js'
import { dropOver, positions, sealing, setPositions } from './roll-up-state.js'
import { sectionRows, sectionsFrom } from './sections.js'
import type { TallyWriter } from './tally-write.js'

const COLUMNS = [
  'requests.id',
  'requests.seq',
  'requests.at',
  'requests.service',
  'requests.number',
  'requests.country',
  'requests.operator',
  'requests.block',
  'requests.ip',
  'requests.subnet',
  'requests.asn',
  'requests.deviceId',
  'requests.accountId',
  'requests.priceMicroUsd',
  'requests.verdict',
  'requests.would',
  'requests.reasons',
] as const
const charged = sql<number>`(requests.charge is not null)`.as('charged')

interface Read extends Omit<CountedRequest, 'reasons' | 'charged' | 'verdict' | 'would'> {
  verdict: Verdict
  would: Verdict
  reasons: string
  charged: number
}

const counted = ({ reasons, charged, ...row }: Read): CountedRequest => ({
  ...row,
  charged: charged === 1,
  reasons: reasons === '[]' ? [] : (JSON.parse(reasons) as Reason[]).map(({ code }) => code),
})

/** One step's view of the database, inside a transaction. */
export function rollUpStore(db: Kysely<Database>, writer: TallyWriter): RollUpStore {
  return {
    counted: () => positions(db),

    async requests(after, limit) {
      const rows = await db
        .selectFrom('requests')
        .select(COLUMNS)
        .select(charged)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map(counted)
    },

    async outcomes(after, limit) {
      const rows = await db
        .selectFrom('outcomes')
        .innerJoin('requests', 'requests.id', 'outcomes.requestId')
        .select(COLUMNS)
        .select(charged)
        .select(['outcomes.seq as outcome', 'outcomes.from', 'outcomes.to'])
        .select((eb) =>
          eb
            .selectFrom('sends')
            .select('provider')
            .whereRef('sends.requestId', '=', 'requests.id')
            .orderBy('sends.seq', 'desc')
            .limit(1)
            .as('provider'),
        )
        .where('outcomes.seq', '>', after)
        .orderBy('outcomes.seq')
        .limit(limit)
        .execute()
      return rows.map(({ outcome, from, to, provider, ...row }) => ({
        seq: outcome,
        from,
        to,
        provider,
        request: counted(row),
      }))
    },

    async sends(after, limit) {
      const rows = await db
        .selectFrom('sends')
        .innerJoin('requests', 'requests.id', 'sends.requestId')
        .select(['sends.seq', 'sends.status', 'sends.provider'])
        .select(['requests.seq as request', 'requests.at', 'requests.service'])
        .select('requests.priceMicroUsd')
        .where('sends.seq', '>', after)
        .orderBy('sends.seq')
        .limit(limit)
        .execute()
      return rows.map(({ status, ...row }) => ({ ...row, pending: status === 'pending' }))
    },

    async awaited(until, limit): Promise<Awaited[]> {
      const rows = await db
        .selectFrom('awaitedRefusals as awaited')
        .leftJoin('requests', 'requests.seq', 'awaited.seq')
        .select(['awaited.due', 'awaited.seq as awaitedSeq'])
        .select(COLUMNS)
        .select(charged)
        .where('awaited.due', '<=', until)
        .orderBy('awaited.due')
        .orderBy('awaited.seq')
        .limit(limit)
        .execute()
      return rows.map(({ due, awaitedSeq, ...row }) => ({
        due,
        seq: awaitedSeq,
        request: row.id === null ? null : counted(row as Read),
      }))
    },

    async allowedAfter({ seq, number, service }, until) {
      const { rows } = await sql<{ seq: number }>`
        select later.seq from (${sectionsFrom(seq)}) as section
        cross join requests as later
        where later.seq / ${sectionRows} = section.n and later.number = ${number}
          and later.seq > ${seq} and later.service = ${service}
          and later.verdict = 'allow' and later.at <= ${until}
        limit 1`.execute(db)
      return rows.length > 0
    },

    async convertedBefore({ id }, until) {
      const row = await db
        .selectFrom('outcomes')
        .select('seq')
        .where('requestId', '=', id)
        .where('to', 'in', CONVERTED)
        .where('at', '<=', until)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },

    async claim(claims) {
      const taken: boolean[] = []
      for (const claim of claims) {
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('countedRefusals')
          .values(claim)
          .onConflict((c) => c.doNothing())
          .executeTakeFirst()
        taken.push(numInsertedOrUpdatedRows === 1n)
      }
      return taken
    },

    async write({ changes, counted: next, awaiting, done, time }) {
      await writer.write(db, changes, await sealing(db))
      for (const { due, seq } of done)
        await db
          .deleteFrom('awaitedRefusals')
          .where('due', '=', due)
          .where('seq', '=', seq)
          .execute()
      for (const { due, seq } of awaiting)
        await db.insertInto('awaitedRefusals').values({ due, seq }).execute()
      await setPositions(db, next)
      await dropOver(db, time)
    },
  }
}
