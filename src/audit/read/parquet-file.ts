import { conventionsOf, noteConventions } from './conventions.js'
import { createFieldWriter } from './fields.js'
import { layoutOf } from './layout.js'
import { LogError } from './log-error.js'
import { createRowSink, type FileCounts, type Reading } from './row-sink.js'
import { unknownLog } from './unknown-log.js'

const SAMPLE = 200

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`
const name = (column: string): string => `"${column.replaceAll('"', '""')}"`

interface Leaf {
  path: string
  sql: string
}

/**
 * Columns of a schema, those inside structs by their paths. Times with a zone as Unix ms, so that the session's does not
 * count; those without one as they stand: `--timezone` says of where they are.
 */
function leaves(path: string, sql: string, type: string): Leaf[] {
  const struct = /^STRUCT\((.*)\)$/s.exec(type)
  if (struct !== null)
    return structFields(struct[1] ?? '').flatMap((field) =>
      leaves(`${path}.${field.name}`, `(${sql}).${name(field.name)}`, field.type),
    )
  const shown = type.endsWith('WITH TIME ZONE') ? `epoch_ms(${sql})` : sql
  return [{ path, sql: `CAST(${shown} AS VARCHAR)` }]
}

/** `a VARCHAR, "b c" STRUCT(d DOUBLE)` */
function structFields(text: string): { name: string; type: string }[] {
  const fields: string[] = []
  let depth = 0
  let quoted = false
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const mark = text[i]
    if (mark === '"') quoted = !quoted
    else if (quoted) continue
    else if (mark === '(') depth++
    else if (mark === ')') depth--
    else if (mark === ',' && depth === 0) {
      fields.push(text.slice(from, i))
      from = i + 1
    }
  }
  fields.push(text.slice(from))
  return fields.flatMap((field) => {
    const match = /^\s*(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)$/s.exec(field)
    return match === null
      ? []
      : [
          {
            name: (match[1] ?? match[2] ?? '').replaceAll('""', '"'),
            type: (match[3] ?? '').trim(),
          },
        ]
  })
}

async function duckdb(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api')
  } catch (cause) {
    throw new LogError(
      'Parquet files need the package @duckdb/node-api; install it (npm install @duckdb/node-api), or export the log as CSV',
      { cause },
    )
  }
}

/** Reads a Parquet file through DuckDB, in pieces. @returns the name of its format */
export async function readParquet(
  reading: Reading,
  path: string,
  file: string,
  counts: FileCounts,
  onRows: () => void,
): Promise<string> {
  const { DuckDBInstance } = await duckdb()
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '512MB' })
  const connection = await instance.connect()
  try {
    const source = `read_parquet(${text(path)})`
    const described = await connection
      .runAndReadAll(`DESCRIBE SELECT * FROM ${source}`)
      .catch((cause: unknown) => {
        throw new LogError(
          `${file}: is no readable Parquet file (${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)})`,
          { cause },
        )
      })
    const columns = described
      .getRowsJS()
      .flatMap(([column, type]) => leaves(String(column), name(String(column)), String(type)))
    const names = columns.map((column) => column.path)
    const select = (wanted: readonly Leaf[]): string =>
      `SELECT ${wanted.map((column) => column.sql).join(', ')} FROM ${source}`
    const sampled = await connection.runAndReadAll(`${select(columns)} LIMIT ${SAMPLE}`)
    const sample = sampled
      .getRowsJS()
      .map((row) => row.map((value) => (value === null ? '' : String(value))))
    const recognised = layoutOf(names, file, reading.map, reading.recognise)
    if (recognised === null) throw unknownLog(file, names, sample, 'a Parquet file')
    const { format, columns: roles } = recognised
    const conventions = conventionsOf(sample, roles)
    noteConventions(reading, file, format, conventions)
    const sink = createRowSink(reading, file, counts, {
      format,
      columns: roles,
      conventions,
      names,
    })
    const places = [...new Set(Object.values(roles).flat())]
    const { fields, begin, set } = createFieldWriter(names.length)
    const result = await connection.stream(select(places.flatMap((place) => columns[place] ?? [])))
    let row = 0
    const here = (): string => ` row ${row}`
    for (;;) {
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0 || reading.probe?.done() === true) break
      const values = places.map((_, i) => chunk.getColumnValues(i))
      for (let i = 0; i < chunk.rowCount; i++) {
        row++
        begin()
        for (const [at, place] of places.entries()) set(place, values[at]?.[i])
        const refused = sink.row(fields, here)
        if (refused !== null) sink.refuseRow(refused, fields, here())
      }
      onRows()
    }
    sink.close()
    return format.name
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
