import { Button } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortFn,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { type ReactNode, useMemo, useState } from 'react'
import { Link } from 'wouter'
import classes from './data-table.module.css'
import { useFit } from './use-fit'
import { type Role, useMe } from './use-me'

/** A column of a `DataTable`. */
export interface DataColumn<Row> {
  id: string
  /** its heading; on phones the label beside the value */
  header: string
  cell: (row: Row) => ReactNode
  /** what it is sorted by; without it the column is not sorted */
  value?: (row: Row) => number | string | null
  /** figures stand at the end @default start */
  align?: 'start' | 'end'
  /** any CSS width */
  width?: string
  /** `title`: heads the card on phones; `stacked`: prose below its label; `hidden`: left out there, and where a table has little room */
  phone?: 'title' | 'stacked' | 'hidden'
  /** who has it, for what only they may do @default everybody */
  role?: Role
}

interface DataTableProps<Row> {
  /** what the table holds, for screen readers */
  label: string
  columns: readonly DataColumn<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** sorted here, of the rows that are there; leave out where the gateway orders and pages */
  sort?: { by: string; desc?: boolean }
  /** where a row leads; its first column becomes the link, and the whole row can be clicked */
  link?: (row: Row) => string
  /** more rows by keyset: from `usePages` */
  more?: { has: boolean; busy: boolean; load: () => void }
  /** shown instead of no rows */
  empty?: ReactNode
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() })
type Features = typeof features

/** Numbers by size, texts as people order them, nothing last. */
function compare(a: unknown, b: unknown): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), 'en', { numeric: true })
}

/** A table with sorting, row links and 'load more'; where there is no room for it, as on phones, each row is a card. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns: all, rows, rowKey, sort, link, more, empty } = props
  const { can } = useMe()
  const columns = useMemo(
    () => all.filter(({ role }) => role === undefined || can(role)),
    [all, can],
  )
  const sorted = sort !== undefined
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns])
  const defs = useMemo<ColumnDef<Features, Row>[]>(() => {
    const sortFn: SortFn<Features, Row> = (a, b, id) => compare(a.getValue(id), b.getValue(id))
    return columns.map(({ id, value, align }) => ({
      id,
      accessorFn: (row: Row) => value?.(row) ?? null,
      enableSorting: sorted && value !== undefined,
      sortDescFirst: align === 'end',
      sortFn,
    }))
  }, [columns, sorted])
  const table = useTable({
    features,
    columns: defs,
    data: rows,
    getRowId: rowKey,
    enableSortingRemoval: false,
    initialState: { sorting: sort ? [{ id: sort.by, desc: sort.desc ?? false }] : [] },
  })
  const [box, setBox] = useState<HTMLElement | null>(null)
  useFit(box)
  if (rows.length === 0 && empty !== undefined) return empty
  const first = columns[0]?.id
  return (
    <>
      <div ref={setBox} className={classes.scroll}>
        {/* roles are said, for cards on phones are laid out as blocks, which takes them away */}
        {/* biome-ignore-start lint/a11y/noRedundantRoles: a display other than table removes the implicit role */}
        <table className={classes.table} aria-label={label} role="table">
          <thead role="rowgroup">
            <tr role="row">
              {table.getFlatHeaders().map(({ column }) => {
                const given = byId.get(column.id)
                const order = column.getIsSorted()
                return (
                  <th
                    key={column.id}
                    scope="col"
                    role="columnheader"
                    data-align={given?.align}
                    data-phone={given?.phone}
                    style={{ width: given?.width }}
                    aria-sort={
                      order === false ? undefined : order === 'asc' ? 'ascending' : 'descending'
                    }
                  >
                    {column.getCanSort() ? (
                      <button
                        type="button"
                        className={classes.sort}
                        onClick={column.getToggleSortingHandler()}
                      >
                        {given?.header}
                        {order === 'asc' && <IconArrowUp size={12} aria-hidden />}
                        {order === 'desc' && <IconArrowDown size={12} aria-hidden />}
                      </button>
                    ) : (
                      given?.header
                    )}
                  </th>
                )
              })}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} role="row" className={link ? classes.linked : undefined}>
                {row.getAllCells().map(({ column: { id } }) => {
                  const given = byId.get(id)
                  const content = given?.cell(row.original)
                  return (
                    <td
                      key={id}
                      role="cell"
                      data-align={given?.align}
                      data-phone={given?.phone}
                      data-label={given?.header}
                    >
                      {/* one thing beside its label on phones, whatever it is made of */}
                      <div>
                        {link && id === first ? (
                          <Link href={link(row.original)} className={classes.link}>
                            {content}
                          </Link>
                        ) : (
                          content
                        )}
                      </div>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
        {/* biome-ignore-end lint/a11y/noRedundantRoles: as above */}
      </div>
      {more?.has && (
        <div className={classes.more}>
          <Button variant="default" size="xs" loading={more.busy} onClick={more.load}>
            Load more
          </Button>
        </div>
      )}
    </>
  )
}
