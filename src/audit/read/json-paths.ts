/** Deeper than any log nests. */
const DEEPEST = 6
/** More columns than any log has. */
const MOST_PATHS = 400

/** Elements of an array that are looked at for their keys. */
const ENTRIES = 20

export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Paths to all values of a record, `price.value`; into arrays by their first elements. */
export function pathsOf(record: JsonObject, paths: Set<string>, prefix = '', depth = 0): void {
  for (const [key, value] of Object.entries(record)) {
    if (paths.size >= MOST_PATHS) return
    const path = `${prefix}${key}`
    const entries: unknown[] = Array.isArray(value) ? value.slice(0, ENTRIES) : [value]
    const inner = depth < DEEPEST ? entries.filter(isObject) : []
    for (const entry of inner) pathsOf(entry, paths, `${path}.`, depth + 1)
    if (inner.length === 0) paths.add(path)
  }
}

/** Follows one path; into arrays by their first element. */
export function valueAt(record: JsonObject, keys: readonly string[]): unknown {
  let value: unknown = record
  for (const key of keys) {
    if (Array.isArray(value)) value = value[0]
    if (!isObject(value)) return undefined
    value = value[key]
  }
  return Array.isArray(value) ? value[0] : value
}

/** A record once for each entry of the array at `each`, with that entry in the array's place. */
export function expand(record: JsonObject, each: readonly string[]): JsonObject[] {
  const [key, ...rest] = each
  if (key === undefined) return [record]
  const value = record[key]
  const entries = Array.isArray(value)
    ? value.filter(isObject)
    : isObject(value)
      ? expand(value, rest)
      : []
  return entries.length === 0 ? [record] : entries.map((entry) => ({ ...record, [key]: entry }))
}
