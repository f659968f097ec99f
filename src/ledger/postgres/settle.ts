import { called } from '../appended.js'
import type { Ledger } from '../port.js'
import type { Credit, OutcomeKind, SettledRequest } from '../rows.js'
import { settledRequests } from '../tables.js'
import { byDay } from './by-day.js'
import { quoted, selected } from './columns.js'
import { gatherKinds } from './gather.js'
import type { Hot } from './hot.js'

const table = 'requests'

interface Step {
  id: string
  from: readonly Credit[]
  to: Credit
  kind: OutcomeKind
  at: number
  detail: string | null
}
interface Before {
  before: Credit
  settledBefore: number | null
}
type Settled = SettledRequest & Before
type Row = Parameters<typeof settledRequests.read>[0] & Before

const { columns } = settledRequests

/**
 * Moves credit and records why, where nobody else did before: one statement for many, one round trip. Whoever comes second
 * waits for the row, sees what it has become, and finds it settled.
 */
export function ownSettle({ run, log, partitions, limits }: Hot): Pick<Ledger, 'settle'> {
  const move = byDay<Step, Settled>({ partitions, table }, async (name, asks) => {
    const { from, to, kind } = asks[0] as Step
    const rows = await run<Row>(
      `with old as materialized (
        select row.id, row.credit, row.settled_at, given.at, given.detail
        from unnest($1::text[], $2::bigint[], $3::text[]) as given (id, at, detail)
          join ${name} as row on row.id = given.id
        where row.credit = any($4::text[]) order by row.id for no key update of row
      ), moved as (
        update ${name} as row set credit = $5, settled_at = old.at from old where row.id = old.id
        returning ${columns.map((column) => `row.${quoted(column)}`).join(', ')}, row.settled_at,
          old.credit as before, old.settled_at as settled_before, old.detail
      ), noted as (
        insert into outcomes (at, request_id, kind, "from", "to", detail)
        select settled_at, id, $6, before, $5, detail from moved
      )
      select ${selected(columns, 'moved')}, before, settled_before as "settledBefore" from moved`,
      [
        asks.map(({ id }) => id),
        asks.map(({ at }) => at),
        asks.map(({ detail }) => detail),
        ...[from, to, kind],
      ],
    )
    return rows.map(({ before, settledBefore, ...stored }) => [
      stored.id,
      { ...settledRequests.read(stored), before, settledBefore },
    ])
  })
  const settle = gatherKinds<Step, Settled | null>(
    ({ from, to, kind }) => `${from.join(' ')}, ${to}, ${kind}`,
    {
      ...limits,
      keyOf: ({ id }) => id,
      async run(asks) {
        const moved = await move(asks)
        return asks.map(({ id }) => moved.get(id) ?? null)
      },
    },
  )
  return {
    async settle(id, from, to, { kind, at, detail = null }) {
      await log.flushIf(called(id))
      return settle({ id, from, to, kind, at, detail })
    },
  }
}
