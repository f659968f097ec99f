import { chartsOf } from './charts.js'
import { draw } from './draw.js'
import type { Report } from './report.js'
import { preamble, sectionsOf } from './sections.js'

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1c1c1c }
h1, h2 { line-height: 1.2 } h2 { margin-top: 2.5rem }
figure { margin: 1.5rem 0; overflow-x: auto } figcaption { color: #555 }
.table { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid #ddd; padding: .25rem .6rem; text-align: right; white-space: nowrap }
th:first-child, td:first-child { text-align: left } thead th { background: #f4f4f4 }
code { background: #f4f4f4; padding: 0 .25rem }`

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
/** Escaped, with `code` in backticks. */
const prose = (text: string): string =>
  escaped(text).replace(/`([^`]+)`/g, (_, code: string) => `<code>${code}</code>`)

const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string => {
  const cells = (of: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${of.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  return `<div class="table"><table><thead>${cells(columns, 'th')}</thead><tbody>${rows
    .map((row) => cells(row, 'td'))
    .join('\n')}</tbody></table></div>`
}

/** The report as one file: tables and drawings, no script, nothing loaded from anywhere. */
export async function pageOf(report: Report, command: string): Promise<string> {
  const figures: string[] = []
  for (const chart of chartsOf(report)) {
    figures.push(
      `<figure><h2>${escaped(chart.title)}</h2>${await draw(chart)}<figcaption>${escaped(chart.caption)}</figcaption></figure>`,
    )
  }
  const sections = sectionsOf(report).map(
    ({ title, text, columns, rows }) =>
      `<section><h2>${escaped(title)}</h2>${text.map((p) => `<p>${prose(p)}</p>`).join('')}${
        rows.length === 0 ? '' : table(columns, rows)
      }</section>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Benchmark of detection</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>Benchmark of detection</h1>
${preamble(report, command)
  .map((p) => `<p>${prose(p)}</p>`)
  .join('\n')}
${figures.join('\n')}
${sections.join('\n')}
</body>
</html>
`
}
