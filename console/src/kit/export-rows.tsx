import { ExportButton } from './export-button'
import { type ExportColumn, exportTable } from './export-table'
import { saveCsv } from './save-file'

interface ExportRowsProps<Row> {
  /** of the file, without its ending */
  name: string
  columns: readonly ExportColumn<Row>[]
  /** what is on the page of a list that is too long to be saved whole */
  pages: { rows: readonly Row[]; more: { has: boolean } }
}

/** The rows on the page as a file for spreadsheets. Where there are more, its name says how many of the newest it has. */
export function ExportRows<Row>({ name, columns, pages: { rows, more } }: ExportRowsProps<Row>) {
  const part = more.has ? `-newest-${rows.length}` : ''
  return <ExportButton onClick={() => saveCsv(`${name}${part}.csv`, exportTable(columns, rows))} />
}
