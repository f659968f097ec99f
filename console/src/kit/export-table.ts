import type { Cell } from '../../../src/audit/report/csv'

/** A column of a table for spreadsheets; its title says the unit. */
export type ExportColumn<Row> = readonly [title: string, of: (row: Row) => Cell]

export type ExportedTable = readonly [titles: readonly string[], rows: readonly (readonly Cell[])[]]

/** A table as it goes into a file. */
export const exportTable = <Row>(
  columns: readonly ExportColumn<Row>[],
  rows: readonly Row[],
): ExportedTable => [
  columns.map(([title]) => title),
  rows.map((row) => columns.map(([, of]) => of(row))),
]

/** USD */
export const inUsd = (microUsd: number): number => microUsd / 1e6
/** 67.24, of a share of 0.6724 */
export const inPercent = (share: number | null): number | null =>
  share === null ? null : Math.round(share * 10_000) / 100
/** 2026-11-21T13:05:09.000Z */
export const inUtc = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString()
