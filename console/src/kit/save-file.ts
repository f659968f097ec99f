import { csvText } from '../../../src/audit/report/csv'
import type { ExportedTable } from './export-table'

/** Hands a text to the browser as a file. @param type its media type */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** Without it a spreadsheet reads a file in the characters of its own country. */
const UTF_8 = '\u{FEFF}'

/** Hands a table to the browser as a file for spreadsheets. Cells that would be formulas are texts. */
export const saveCsv = (name: string, table: ExportedTable): void =>
  saveFile(name, 'text/csv;charset=utf-8', UTF_8 + csvText(...table))
