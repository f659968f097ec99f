import type { Format } from './formats/format.js'
import type { Recognised } from './recognise.js'
import { parseMap, placeMap, type RoleColumns } from './roles.js'

const MAPPED: Format = { name: 'mapped', source: 'docs/audit.md', columns: {}, signature: [] }

/**
 * What the columns of a file are: of the format they are recognised as, with those that `--map` names in its place.
 * `null`: neither tells.
 *
 * @throws LogError where the map names a column that is not there
 */
export function layoutOf(
  names: readonly string[],
  file: string,
  map: string | undefined,
  recognise: (names: readonly string[]) => Recognised | null,
): Recognised | null {
  const known = recognise(names)
  if (map === undefined) return known
  const mapped = placeMap(parseMap(map), names, file)
  const columns: RoleColumns = { ...known?.columns, ...mapped }
  if (columns.to === undefined || columns.at === undefined) return null
  return { format: known?.format ?? MAPPED, columns }
}

/** Whether a map speaks of columns by their numbers only, so that a file needs no header. */
export function isNumbered(map: string | undefined): boolean {
  return (
    map !== undefined && Object.values(parseMap(map)).every((column) => /^#?\d{1,3}$/.test(column))
  )
}
