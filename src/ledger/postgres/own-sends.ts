import { called } from '../appended.js'
import type { Ledger } from '../port.js'
import { sends } from '../tables.js'
import { byDay } from './by-day.js'
import { quoted } from './columns.js'
import { gatherKinds } from './gather.js'
import type { Hot } from './hot.js'

const table = 'sends'

interface Change {
  id: string
  patch: Parameters<Ledger['updateSend']>[1]
  from: Parameters<Ledger['updateSend']>[2]
  columns: readonly string[]
  values: readonly (string | number | null)[]
}

/** Messages by id, many in one statement. @param elsewhere one whose request was made on another day than itself */
export function ownSends(
  { run, log, partitions, typeOf, limits }: Hot,
  elsewhere: Ledger['updateSend'],
): Pick<Ledger, 'updateSend'> {
  // a message is made just after its request, mostly on the same day
  const change = byDay<Change, true>({ partitions, table, prefix: 'msg' }, async (name, asks) => {
    if (name === table) return []
    const { columns = [], from } = asks[0] ?? {}
    const arrays = columns.map((column, i) => `$${i + 2}::${typeOf(table, column)}[]`)
    const rows = await run<{ id: string }>(
      `update ${name} as row set ${columns.map((column) => `${quoted(column)} = given.${quoted(column)}`).join(', ')}
        from unnest(${['$1::text[]', ...arrays].join(', ')}) as given (${['id', ...columns.map(quoted)].join(', ')})
        where row.id = given.id${from === undefined ? '' : ` and row.status = any($${columns.length + 2}::text[])`}
        returning row.id`,
      [
        asks.map(({ id }) => id),
        ...columns.map((_, i) => asks.map(({ values }) => values[i])),
        ...(from === undefined ? [] : [from]),
      ],
    )
    return rows.map(({ id }) => [id, true])
  })
  const kindOf = ({ columns, from }: Change) => [...columns, '', ...(from ?? ['*'])].join(' ')
  const update = gatherKinds<Change, boolean>(kindOf, {
    ...limits,
    keyOf: ({ id }) => id,
    async run(asks) {
      const changed = await change(asks)
      for (const { id, patch, from } of asks)
        if (!changed.has(id) && (await elsewhere(id, patch, from))) changed.set(id, true)
      return asks.map(({ id }) => changed.has(id))
    },
  })
  return {
    async updateSend(id, patch, from) {
      const stored = Object.entries(sends.patch(patch))
      await log.flushIf(called(id))
      return update({
        ...{ id, patch, from },
        columns: stored.map(([column]) => column),
        values: stored.map(([, value]) => value ?? null),
      })
    },
  }
}
