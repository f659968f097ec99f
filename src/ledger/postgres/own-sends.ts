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
    const columns = asks[0]?.columns ?? []
    const arrays = columns.map((column, i) => `$${i + 2}::${typeOf(table, column)}[]`)
    const rows = await run<{ id: string }>(
      `update ${name} as row set ${columns.map((column) => `${quoted(column)} = given.${quoted(column)}`).join(', ')}
        from unnest(${['$1::text[]', ...arrays].join(', ')}) as given (${['id', ...columns.map(quoted)].join(', ')})
        where row.id = given.id returning row.id`,
      [asks.map(({ id }) => id), ...columns.map((_, i) => asks.map(({ values }) => values[i]))],
    )
    return rows.map(({ id }) => [id, true])
  })
  const update = gatherKinds<Change, void>(({ columns }) => columns.join(' '), {
    ...limits,
    keyOf: ({ id }) => id,
    async run(asks) {
      const changed = await change(asks)
      for (const { id, patch } of asks) if (!changed.has(id)) await elsewhere(id, patch)
      return asks.map(() => undefined)
    },
  })
  return {
    async updateSend(id, patch) {
      const stored = Object.entries(sends.patch(patch))
      if (stored.length === 0) return
      await log.flushIf(called(id))
      await update({
        ...{ id, patch },
        columns: stored.map(([column]) => column),
        values: stored.map(([, value]) => value ?? null),
      })
    },
  }
}
