import { type Html, html } from './html.js'

export interface TableColumn<Row> {
  title: string
  cell: (row: Row) => string | Html
  /** @default figure, set to the right; the first column is text and the row's heading */
  kind?: 'text' | 'figure'
}

/** Rows a table shows at most: the files of `--csv` have them all. */
export const MOST_ROWS = 40

/** A table that scrolls by itself on a phone, can be reached by keyboard and says how much it leaves out. */
export function table<Row>(
  caption: string,
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  most = MOST_ROWS,
): Html {
  const left = rows.length - most
  const heads = columns.map(({ title, kind }, i) =>
    i === 0 || kind === 'text'
      ? html`<th scope="col" class="text">${title}</th>`
      : html`<th scope="col">${title}</th>`,
  )
  const body = rows.slice(0, most).map((row) => {
    const cells = columns.map(({ cell, kind }, i) => {
      if (i === 0) return html`<th scope="row">${cell(row)}</th>`
      return kind === 'text'
        ? html`<td class="text">${cell(row)}</td>`
        : html`<td>${cell(row)}</td>`
    })
    return html`<tr>${cells}</tr>`
  })
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>${body}</tbody>
</table></div>${left > 0 ? html`<p class="note">${left} more in the files of --csv.</p>` : null}`
}
