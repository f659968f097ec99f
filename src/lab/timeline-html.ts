export const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/** A table whose first columns are text and whose others are figures. */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns = 1,
): string {
  const cells = (of: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${of
      .map(
        (cell, i) => `<${tag}${i < textColumns ? ' class="text"' : ''}>${escaped(cell)}</${tag}>`,
      )
      .join('')}</tr>`
  return `<div class="wide"><table><thead>${cells(titles, 'th')}</thead><tbody>
${rows.map((row) => cells(row, 'td')).join('\n')}
</tbody></table></div>`
}

export const section = (title: string, body: string): string =>
  `<section><h2>${escaped(title)}</h2>\n${body}\n</section>`

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c1c1c; background: #fff }
h1, h2 { line-height: 1.2 } h1 { margin-bottom: .25rem } h2 { margin: 2rem 0 .5rem; font-size: 1.15rem }
.lead { color: #555; margin-top: 0 }
figure { margin: 1.5rem 0 } figure svg { max-width: 100%; height: auto } figcaption { color: #555; font-size: .87rem }
.wide { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { border-bottom: 1px solid #ddd; padding: .25rem .7rem; text-align: right; white-space: nowrap }
th.text, td.text { text-align: left } td.text { white-space: normal } thead th { background: #f4f4f4 }`

/** One file: nothing is loaded from anywhere and nothing runs. */
export const page = (
  title: string,
  lead: string,
  body: readonly string[],
): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p class="lead">${escaped(lead)}</p>
${body.join('\n')}
</body>
</html>
`
