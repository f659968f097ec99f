import type { ReportText } from './report-text.js'

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const CELL = 'padding:4px 8px;border-bottom:1px solid #e3e5e8;font-variant-numeric:tabular-nums'

/** A report as a letter: styles at each mark, for mail programs drop everything else. */
export function reportHtml({ title, sections }: ReportText, url: string | null): string {
  const body = sections.map(({ title: heading, lines = [], table }) => {
    const words = lines.map((line) => `<p style="margin:0 0 4px">${escaped(line)}</p>`).join('')
    const row = (cells: readonly string[], tag: 'th' | 'td'): string =>
      cells
        .map(
          (cell, at) =>
            `<${tag} style="${CELL};text-align:${at === 0 ? 'left' : 'right'}">${escaped(cell)}</${tag}>`,
        )
        .join('')
    const rows =
      table === undefined
        ? ''
        : `<table style="border-collapse:collapse;font-size:13px"><thead><tr>${row(table.head, 'th')}</tr></thead><tbody>${table.rows.map((cells) => `<tr>${row(cells, 'td')}</tr>`).join('')}</tbody></table>`
    return `<h2 style="font-size:15px;margin:20px 0 8px">${escaped(heading)}</h2>${words}${rows}`
  })
  const link =
    url === null
      ? ''
      : `<p style="margin:24px 0 0"><a href="${escaped(url)}">Open in Tollgate</a></p>`
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body style="font:14px/1.5 system-ui,sans-serif;color:#1a1c1f;max-width:760px;margin:16px"><h1 style="font-size:18px">${escaped(title)}</h1>${body.join('')}${link}</body></html>`
}
