import { called } from '../appended.js'
import type { Ledger } from '../port.js'
import { hideVerificationPatch, showVerification } from '../pseudonymise.js'
import type { VerificationRow } from '../rows.js'
import { verifications } from '../tables.js'
import { byDay } from './by-day.js'
import { quoted, selected } from './columns.js'
import { gather, gatherKinds } from './gather.js'
import type { Hot } from './hot.js'

const table = 'verifications'
type Patch = Parameters<Ledger['updateVerification']>[2]

/** Verifications by id, many in one statement. */
export function ownVerifications(hot: Hot): Pick<Ledger, 'verification' | 'updateVerification'> {
  const { run, log, partitions, numbers, typeOf } = hot

  const find = byDay<{ id: string }, VerificationRow>({ partitions, table }, async (name, asks) => {
    const rows = await run<Parameters<typeof verifications.read>[0]>(
      `select ${selected(verifications.columns, 'row')} from ${name} as row where row.id = any($1::text[])`,
      [asks.map(({ id }) => id)],
    )
    return rows.map((row) => [row.id, verifications.read(row)])
  })
  const verification = gather<string, VerificationRow | null>({
    ...hot.limits,
    async run(ids) {
      const found = await find([...new Set(ids)].map((id) => ({ id })))
      return ids.map((id) => found.get(id) ?? null)
    },
  })

  interface Change {
    id: string
    version: number
    columns: readonly string[]
    values: readonly (string | number | null)[]
  }
  /** Compare-and-set on `version`. Of one statement all change the same columns. */
  const change = byDay<Change, true>({ partitions, table }, async (name, asks) => {
    const columns = asks[0]?.columns ?? []
    const arrays = columns.map((column, i) => `$${i + 3}::${typeOf(table, column)}[]`)
    const rows = await run<{ id: string }>(
      `update ${name} as row
        set ${[...columns.map((column) => `${quoted(column)} = given.${quoted(column)}`), 'version = given.version + 1'].join(', ')}
        from unnest(${['$1::text[]', '$2::bigint[]', ...arrays].join(', ')})
          as given (${['id', 'version', ...columns.map(quoted)].join(', ')})
        where row.id = given.id and row.version = given.version returning row.id`,
      [
        asks.map(({ id }) => id),
        asks.map(({ version }) => version),
        ...columns.map((_, i) => asks.map(({ values }) => values[i])),
      ],
    )
    return rows.map(({ id }) => [id, true])
  })
  const update = gatherKinds<Change, boolean>(({ columns }) => columns.join(' '), {
    ...hot.limits,
    keyOf: ({ id }) => id,
    async run(asks) {
      const changed = await change(asks)
      return asks.map(({ id }) => changed.has(id))
    },
  })

  return {
    async verification(id) {
      await log.flushIf(called(id))
      const row = await verification(id)
      // each caller has a row of its own to change
      return row === null ? null : showVerification({ ...row }, numbers)
    },
    async updateVerification(id, version, patch: Patch) {
      await log.flushIf(called(id))
      const stored = Object.entries(verifications.patch(hideVerificationPatch(id, patch, numbers)))
      return update({
        ...{ id, version },
        columns: stored.map(([column]) => column),
        values: stored.map(([, value]) => value ?? null),
      })
    },
  }
}
