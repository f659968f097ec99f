export type Cell = string | number | boolean | null

/** Amounts, times, numbers and ranges are data; any other cell that begins like this a spreadsheet would run as a formula. */
const RUNS = /^[=+\-@\t\r]/
const DATA = /^[+-]?\d[\dx]*(\*|\*{2,}\d*|\.\d+)?$/

/** A cell as RFC 4180 has it, and as spreadsheets read it that separate by semicolon. */
function cellText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number')
    return Number.isInteger(cell) ? String(cell) : String(Number(cell.toFixed(6)))
  const text = String(cell)
  const safe = RUNS.test(text) && !DATA.test(text) ? `'${text}` : text
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One row with its line end. */
export const csvRow = (cells: readonly Cell[]): string => `${cells.map(cellText).join(',')}\r\n`

/** Rows under the names of their fields. */
export const csvText = (titles: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  csvRow(titles) + rows.map(csvRow).join('')
