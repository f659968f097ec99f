import { FORMATS } from './formats/all.js'
import type { Format } from './formats/format.js'
import { plain, ROLES, type RoleColumns } from './roles.js'

export interface Recognised {
  format: Format
  columns: RoleColumns
}

/** The format whose columns these are; `null`: none that is known. */
export function recognise(names: readonly string[]): Recognised | null {
  const places = new Map<string, number>()
  names.forEach((name, place) => {
    const bare = plain(name)
    if (bare !== '' && !places.has(bare)) places.set(bare, place)
  })
  const format = FORMATS.find(({ signature }) =>
    signature.every((choice) => choice.some((name) => places.has(name))),
  )
  return format === undefined ? null : { format, columns: placesOf(format, places) }
}

function placesOf(format: Format, places: ReadonlyMap<string, number>): RoleColumns {
  const columns: RoleColumns = {}
  for (const role of ROLES) {
    const found = (format.columns[role] ?? []).flatMap((name) => places.get(name) ?? [])
    if (found.length > 0) columns[role] = found
  }
  return columns
}
