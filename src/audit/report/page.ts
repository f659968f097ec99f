import { createHash } from 'node:crypto'
import { escaped } from '../../lab/timeline-html.js'
import type { Html } from './html.js'
import { STYLE } from './style.js'

const hash = createHash('sha256').update(STYLE).digest('base64')
/** Nothing is loaded, nothing runs, nothing is sent; the one style sheet is known by its hash. */
const CONTENT_POLICY = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`

/** One file that works without a network and without scripts. */
export const page = (title: string, body: Html): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body.html}
</body>
</html>
`
