import { LOG_CODECS, type LogEntry, REPEATED } from '../log-entry.js'
import type { LogTable } from '../schema.js'
import { quoted, type TypeOf } from './columns.js'

type Values = (string | number | null)[]

export interface Insert {
  /** `$1` the writer, `$2` its batch, then one array for each column of each table */
  text: string
  values: unknown[]
}

/** Builds one statement that writes a batch of rows of several tables, whole or not at all. */
type InsertBuilder = (writer: string, batch: number, entries: readonly LogEntry[]) => Insert

export function insertBuilder(typeOf: TypeOf): InsertBuilder {
  const shapes = new Map<string, string>()

  function shape(tables: readonly LogTable[]): string {
    let parameter = 2
    const parts = tables.map((table) => {
      const { columns } = LOG_CODECS[table]
      const names = columns.map(quoted).join(', ')
      const arrays = columns.map((column) => `$${++parameter}::${typeOf(table, column)}[]`)
      // joined with the writer, so that nothing is written, and no number drawn, where that one may not
      return `${table}_written as (insert into ${table} (${names})
        select ${columns.map((column) => `given.${quoted(column)}`).join(', ')}
        from writer cross join unnest(${arrays.join(', ')}) as given (${names})
        ${REPEATED.has(table) ? 'on conflict do nothing' : ''})`
    })
    return `with writer as (update writers set batch = $2, seen_at = now() where id = $1 and batch < $2 returning batch),
      ${parts.join(',\n')} select count(*) as writers from writer`
  }

  return (writer, batch, entries) => {
    const byTable = new Map<LogTable, Values[]>()
    for (const { table, values } of entries) {
      const columns = byTable.get(table) ?? values.map((): Values => [])
      if (columns[0]?.length === 0) byTable.set(table, columns)
      for (let i = 0; i < values.length; i++) columns[i]?.push(values[i] ?? null)
    }
    const tables = [...byTable.keys()].sort()
    const name = tables.join(' ')
    const text = shapes.get(name) ?? shape(tables)
    shapes.set(name, text)
    return {
      text,
      values: [writer, batch, ...tables.flatMap((table) => byTable.get(table) ?? [])],
    }
  }
}
