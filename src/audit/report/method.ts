import { escaped } from '../../lab/timeline-html.js'
import type { AuditResult, InputFile, Skipped } from '../audit-result.js'
import { count, percent } from './figures.js'
import { type Html, html, NOTHING, raw } from './html.js'
import { table } from './table.js'

const EXAMPLES = 3

export function policySection({ policy }: AuditResult): Html {
  const data = `data:application/yaml;charset=utf-8;base64,${Buffer.from(policy).toString('base64')}`
  return html`<section class="card" aria-labelledby="policy">
<h2 id="policy">Proposed policy</h2>
<p class="lead">Markets, caps and openings from what is normal in this log. It starts in monitor mode: look at a week of its decisions before anybody is refused.</p>
<a class="button" download="tollgate-policy.yaml" href="${data}">Download tollgate-policy.yaml</a>
<pre tabindex="0" role="region" aria-label="Proposed policy, YAML"><code>${raw(escaped(policy))}</code></pre>
</section>`
}

const METHOD = [
  'Every message is judged by the evidence of its number range over time (at four depths, from 1,000 numbers up to the whole country): how many codes were entered against how many usually are, how fast it began, how regular and how sequential the numbers are, how late in the night, how many failed, what a message costs there, and whether the country is one of your markets.',
  'The result is a probability for each message. Surely is at least 0.95, probably at least 0.5, unclear at least 0.1. The money figure is the sum of price times probability.',
  'The interval is 90 %: in nine of ten logs like this one the truth lies within.',
  'Incidents are ranges whose evidence holds up against testing all ranges at once (false discoveries are bounded), joined when they were attacked together.',
  'What would have stopped it is the same log replayed through the real decision code of the gate, and through the published rules of others. A message refused costs nothing; a person who is challenged is counted as touched although most pass.',
]

export function methodSection({
  limits,
  skipped,
  files,
  markets,
  duplicates,
  segments,
  rows,
}: AuditResult): Html {
  return html`<section class="card" aria-labelledby="method">
<h2 id="method">Method and limits</h2>
<ul class="plain">${METHOD.map((sentence) => html`<li>${sentence}</li>`)}</ul>
<h3>What this log cannot tell</h3>
<ul class="plain">${limits.map((sentence) => html`<li>${sentence}</li>`)}
<li>Markets ${markets.declared ? 'as declared' : 'taken from the log'}: ${markets.codes.length === 0 ? 'none' : markets.codes.join(', ')}.</li>
<li>${count(rows)} messages in ${count(segments)} segments; ${count(duplicates)} duplicates were left out.</li></ul>
${table<InputFile>(
  'Files',
  [
    { title: 'file', cell: ({ path }) => path },
    { title: 'read as', kind: 'text', cell: ({ format }) => format },
    { title: 'rows', cell: (file) => count(file.rows) },
    { title: 'size', cell: ({ bytes }) => `${(bytes / 1e6).toFixed(1)} MB` },
  ],
  files,
)}
${
  skipped.length === 0
    ? NOTHING
    : table<Skipped>(
        'Rows left out',
        [
          { title: 'why', cell: ({ why }) => why.replaceAll('_', ' ') },
          { title: 'rows', cell: (left) => count(left.rows) },
          { title: 'of all', cell: (left) => percent(left.rows / (rows + left.rows)) },
          {
            title: 'first of them',
            kind: 'text',
            cell: ({ examples }) =>
              html`${examples.slice(0, EXAMPLES).map((example) => html`<div>${example}</div>`)}`,
          },
        ],
        skipped,
      )
}
</section>`
}
