import { type Kysely, sql } from 'kysely'
import type { Reason, Verdict } from '../../engine/decision.js'
import type { Dialect } from '../dialect.js'
import { ANSWER_MS, type Awaited, type RefusalClaim, type RollUpStore } from '../roll-up.js'
import { CONVERTED } from '../rows.js'
import type { Database } from '../schema.js'
import { COUNTED, type CountedRequest } from '../tally.js'
import { dropOver, positions, sealing, setPositions } from './roll-up-state.js'
import type { TallyWriter } from './tally-write.js'

const COLUMNS = ([...COUNTED, 'seq', 'reasons'] as const).map((name) => `requests.${name}` as const)
const charged = sql<number>`case when requests.charge is null then 0 else 1 end`.as('charged')

/** Rows of one statement: well below the parameters that it may have. */
const ROWS = 200

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
export function rollUpStore(
  db: Kysely<Database>,
  writer: TallyWriter,
  dialect: Dialect,
): RollUpStore {
  return {
    async counted() {
      await dialect.alone(db, 'roll-up')
      return positions(db)
    },

    async requests(after, limit) {
      const horizon = await dialect.horizon(db, 'requests')
      const rows = await db
        .selectFrom('requests')
        .select(COLUMNS)
        .select(charged)
        .where('seq', '>', after)
        .$if(horizon !== null, (query) => query.where('seq', '<=', horizon ?? 0))
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map(counted)
    },

    async outcomes(after, limit) {
      const horizon = await dialect.horizon(db, 'outcomes')
      const rows = await db
        .selectFrom('outcomes')
        .innerJoin('requests', 'requests.id', 'outcomes.requestId')
        .select(COLUMNS)
        .select(charged)
        .select(['outcomes.seq as outcome', 'outcomes.from', 'outcomes.to'])
        .select((eb) => {
          const newest = eb
            .selectFrom('sends')
            .whereRef('sends.requestId', '=', 'requests.id')
            .orderBy(dialect.ofFew('sends.seq'), 'desc')
            .limit(1)
          return [newest.select('provider').as('provider'), newest.select('status').as('status')]
        })
        .where('outcomes.seq', '>', after)
        .$if(horizon !== null, (query) => query.where('outcomes.seq', '<=', horizon ?? 0))
        .orderBy('outcomes.seq')
        .limit(limit)
        .execute()
      return rows.map(({ outcome, from, to, provider, status, ...row }) => ({
        seq: outcome,
        from,
        to,
        provider,
        pending: status === 'pending',
        request: counted(row),
      }))
    },

    async sends(after, limit) {
      const horizon = await dialect.horizon(db, 'sends')
      const rows = await db
        .selectFrom('sends')
        .innerJoin('requests', 'requests.id', 'sends.requestId')
        .select(['sends.seq', 'sends.status', 'sends.provider'])
        .select(['requests.seq as request', 'requests.at', 'requests.service'])
        .select('requests.priceMicroUsd')
        .where('sends.seq', '>', after)
        .$if(horizon !== null, (query) => query.where('sends.seq', '<=', horizon ?? 0))
        .orderBy('sends.seq')
        .limit(limit)
        .execute()
      return rows.map(({ status, ...row }) => ({ ...row, pending: status === 'pending' }))
    },

    async awaited(until, limit): Promise<Awaited[]> {
      const rows = await db
        .selectFrom('awaitedRefusals')
        .select(['due', 'seq'])
        .where('due', '<=', until)
        .orderBy('due')
        .orderBy('seq')
        .limit(limit)
        .execute()
      const [first, last] = [rows[0], rows.at(-1)]
      if (first === undefined || last === undefined) return []
      let query = db
        .selectFrom('requests')
        .select(COLUMNS)
        .select(charged)
        .where(
          dialect.anyOf(
            'requests.seq',
            rows.map(({ seq }) => seq),
          ),
        )
      const made = dialect.madeWithin(
        sql.ref('requests.id'),
        first.due - ANSWER_MS,
        last.due - ANSWER_MS,
      )
      if (made !== null) query = query.where(made)
      const bySeq = new Map((await query.execute()).map((row) => [row.seq, counted(row)]))
      return rows.map(({ due, seq }) => ({ due, seq, request: bySeq.get(seq) ?? null }))
    },

    async allowedAfter({ seq, at, number, service }, until) {
      const later = dialect.allowedAfter({ seq, at, until, number, service })
      return (await later.execute(db)).rows.length > 0
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
      const name = ({ hour, service, kind, number }: RefusalClaim) =>
        JSON.stringify([hour, service, kind, number])
      const taken = new Set<string>()
      for (let i = 0; i < claims.length; i += ROWS) {
        const rows = await db
          .insertInto('countedRefusals')
          .values(claims.slice(i, i + ROWS))
          .onConflict((c) => c.doNothing())
          .returning(['hour', 'service', 'kind', 'number'])
          .execute()
        for (const row of rows) taken.add(name(row as RefusalClaim))
      }
      return claims.map((claim) => taken.has(name(claim)))
    },

    async write({ changes, counted: next, awaiting, done, time }) {
      await writer.write(db, changes, await sealing(db))
      const [first, last] = [done[0], done.at(-1)]
      if (first !== undefined && last !== undefined)
        await db
          .deleteFrom('awaitedRefusals')
          .where('due', '>=', first.due)
          .where('due', '<=', last.due)
          .where(
            dialect.anyOf(
              'seq',
              done.map(({ seq }) => seq),
            ),
          )
          .execute()
      for (let i = 0; i < awaiting.length; i += ROWS)
        await db
          .insertInto('awaitedRefusals')
          .values(awaiting.slice(i, i + ROWS).map(({ due, seq }) => ({ due, seq })))
          .execute()
      await setPositions(db, next)
      await dropOver(db, time, dialect)
    },
  }
}
