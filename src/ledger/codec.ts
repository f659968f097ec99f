import type { Stored, StoredValue } from './schema.js'

/** How a field that the database has no type for is written and read. `null` never reaches it. */
export interface Converter<T> {
  write(value: T): string | number
  read(stored: string | number): T
}

export const flag: Converter<boolean> = {
  write: (value) => (value ? 1 : 0),
  read: (stored) => stored === 1,
}

/** JSON text, for what nobody searches by. */
export function json<T>(): Converter<T> {
  return {
    write: (value) => JSON.stringify(value),
    read: (stored) => JSON.parse(String(stored)) as T,
  }
}

/** Every field is named, or the types do not fit: 'plain' for strings and numbers, a converter for all else. */
export type Columns<Row> = {
  [K in keyof Row]-?: StoredValue<Row[K]> extends Row[K] ? 'plain' : Converter<NonNullable<Row[K]>>
}

export interface Codec<Row> {
  readonly columns: readonly (keyof Row & string)[]
  /** Values in the order of `columns`. @throws TypeError when a field is missing or not a finite number: a bug */
  values(row: Row): (string | number | null)[]
  write(row: Row): Stored<Row>
  /** Fields that are `undefined` are left out. */
  patch(part: Partial<Row>): Partial<Stored<Row>>
  read(stored: Stored<Row>): Row
  /** The same for values in the order of `columns`. */
  readValues(values: readonly (string | number | null)[]): Row
  /** Of rows of which only these columns are read. */
  part<Name extends keyof Row & string>(names: readonly Name[]): Codec<Pick<Row, Name>>
}

/** Rows to what is stored and back. @param table for messages */
export function codec<Row extends object>(table: string, columns: Columns<Row>): Codec<Row> {
  type Name = keyof Row & string
  const names = Object.keys(columns) as Name[]
  const converters = names.map((name) => columns[name] as 'plain' | Converter<unknown>)
  const converterOf = new Map(names.map((name, i) => [name, converters[i]]))
  const converted = names.filter((name) => columns[name] !== 'plain')

  function toStored(
    name: string,
    value: unknown,
    converter: 'plain' | Converter<unknown> | undefined,
  ) {
    if (value === null) return null
    if (converter === undefined) throw new TypeError(`${table}.${name} is not a column`)
    if (value === undefined) throw new TypeError(`${table}.${name} is missing`)
    const stored = converter === 'plain' ? value : converter.write(value)
    if (typeof stored === 'string' || Number.isFinite(stored)) return stored as string | number
    throw new TypeError(
      `${table}.${name} is ${String(value)}: expected a string or a finite number`,
    )
  }

  function patch(part: Partial<Row>): Partial<Stored<Row>> {
    const stored: Record<string, string | number | null> = {}
    for (const [name, value] of Object.entries(part)) {
      if (value !== undefined) stored[name] = toStored(name, value, converterOf.get(name as Name))
    }
    return stored as Partial<Stored<Row>>
  }

  return {
    columns: names,
    values: (row) => names.map((name, i) => toStored(name, row[name], converters[i])),
    write: (row) => patch(row) as Stored<Row>,
    patch,
    read(stored) {
      const row: Record<string, unknown> = { ...stored }
      for (const name of converted) {
        const converter = columns[name] as Converter<unknown>
        const value = row[name]
        if (value !== null) row[name] = converter.read(value as string | number)
      }
      return row as Row
    },
    readValues(values) {
      const row: Record<string, unknown> = {}
      for (let i = 0; i < names.length; i++) {
        const [value, converter] = [values[i] ?? null, converters[i]]
        row[names[i] as Name] =
          value === null || converter === undefined || converter === 'plain'
            ? value
            : converter.read(value)
      }
      return row as Row
    },
    part: (names) =>
      codec(table, Object.fromEntries(names.map((name) => [name, columns[name]])) as never),
  }
}
