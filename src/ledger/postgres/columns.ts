import { CamelCasePlugin, type Kysely, sql } from 'kysely'
import type { Database } from '../schema.js'

const snake = new (class extends CamelCasePlugin {
  name(text: string): string {
    return this.snakeCase(text)
  }
})()

/** A column as the database calls it, quoted. */
export const quoted = (column: string): string => `"${snake.name(column)}"`

/** Columns to be read, under the names that rows have here. */
export const selected = (columns: readonly string[], of: string): string =>
  columns.map((column) => `${of}.${quoted(column)} as "${column}"`).join(', ')

/** Type of a column: arrays have to be named by it. @param column as rows have it here */
export type TypeOf = (table: string, column: string) => string

export async function columnTypes(
  db: Kysely<Database>,
  tables: readonly string[],
): Promise<TypeOf> {
  const { rows } = await sql<{ table: string; column: string; type: string }>`
    select table_name as "table", column_name as "column", udt_name as "type"
    from information_schema.columns
    where table_schema = current_schema() and table_name = any(${[...tables]}::text[])`.execute(db)
  const types = new Map(rows.map(({ table, column, type }) => [`${table} "${column}"`, type]))
  return (table, column) => {
    const type = types.get(`${table} ${quoted(column)}`)
    if (type === undefined) throw new Error(`the ledger has no column ${table}.${column}`)
    return type
  }
}
