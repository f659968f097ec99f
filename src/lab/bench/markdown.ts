import type { Report } from './report.js'
import { preamble, sectionsOf } from './sections.js'

/** Longer tables are folded. */
const FOLDED_ROWS = 60

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

/** The report as a page of the documentation. */
export function markdownOf(report: Report, command: string): string {
  const lines = [
    '# Benchmark of detection',
    '',
    '<!-- written by the command below; do not edit -->',
    '',
    ...preamble(report, command).flatMap((paragraph) => [paragraph, '']),
  ]
  for (const { title, text, columns, rows } of sectionsOf(report)) {
    lines.push(`## ${title}`, '')
    for (const paragraph of text) lines.push(paragraph, '')
    if (rows.length === 0) continue
    const table = [
      row(columns),
      row(columns.map((_, i) => (i === 0 ? '---' : '---:'))),
      ...rows.map(row),
    ]
    if (rows.length <= FOLDED_ROWS) lines.push(...table, '')
    else
      lines.push(
        '<details>',
        `<summary>${rows.length} rows</summary>`,
        '',
        ...table,
        '',
        '</details>',
        '',
      )
  }
  return `${lines.join('\n').trimEnd()}\n`
}
