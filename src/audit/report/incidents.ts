import type { AuditIncident, AuditResult } from '../audit-result.js'
import { figure } from './figure.js'
import { count, counted, interval, lasted, listed, momentText, money } from './figures.js'
import { type Html, html, NOTHING } from './html.js'
import { incidentFigure } from './incident-chart.js'
import { rangeTable } from './places.js'
import { table } from './table.js'

/** Incidents told in full, the dearest; the others are rows of a table. */
const IN_FULL = 12
const RANGES_OF_EACH = 6
const REASONS_OF_EACH = 8

const KINDS = { attack: 'attack', outage: 'outage' } as const

async function story(incident: AuditIncident, result: AuditResult, id: string): Promise<Html> {
  const { countries, onset, end, kind, because, timeline, ranges, messages } = incident
  const { currency } = result.spend
  const fraudulent = kind === 'attack'
  const named = new Map(result.countries.map(({ key, name }) => [key, name]))
  const where = listed(countries.slice(0, 5).map((code) => named.get(code) ?? code))
  const more = countries.length > 5 ? ` and ${countries.length - 5} more` : ''
  const drawn = timeline.length > 1 ? await figure(incidentFigure(incident, id)) : NOTHING
  return html`<article class="incident" aria-labelledby="${id}-title">
<div class="head"><h3 id="${id}-title">${where}${more} <span class="tag ${kind}">${KINDS[kind]}</span></h3>
<p class="cost">${fraudulent ? money(incident.money.value, currency) : 'not fraud'}</p></div>
<p class="when">${momentText(onset)} to ${momentText(end)} UTC, ${lasted(onset, end)}. ${counted(messages, 'message')} for ${money(incident.spend, currency)}${fraudulent ? `; fraud with 90 % confidence ${interval(incident.money, currency)}` : ''}.</p>
<div class="two"><div><ul class="because">${because.slice(0, REASONS_OF_EACH).map((sentence) => html`<li>${sentence}</li>`)}</ul>
${fraudulent ? html`<p class="note">Evidence for the carrier: <code>--evidence ${incident.id}</code></p>` : null}</div>${drawn}</div>
${ranges.length === 0 ? NOTHING : rangeTable(`Ranges of ${incident.id}`, ranges, result, RANGES_OF_EACH)}
</article>`
}

export async function incidentSection(result: AuditResult): Promise<Html> {
  const { incidents, spend } = result
  const all = [...incidents].sort((a, b) => b.money.value - a.money.value)
  const stories: Html[] = []
  for (const [i, incident] of all.slice(0, IN_FULL).entries())
    stories.push(await story(incident, result, `incident-${i + 1}`))
  const rest = all.slice(IN_FULL)
  return html`<section class="card" aria-labelledby="incidents">
<h2 id="incidents">Incidents</h2>
<p class="lead">${
    all.length === 0
      ? 'Nothing in this log stands out long enough or dearly enough to be called an attack.'
      : `${counted(all.length, 'incident')}, the costliest first: ranges that were asked for together, from the first message to the last.`
  }</p>
${stories}
${
  rest.length === 0
    ? NOTHING
    : table<AuditIncident>(
        'Further incidents',
        [
          { title: 'incident', cell: ({ id }) => id },
          { title: 'kind', kind: 'text', cell: ({ kind }) => KINDS[kind] },
          {
            title: 'countries',
            kind: 'text',
            cell: ({ countries }) => countries.slice(0, 6).join(', '),
          },
          { title: 'from', cell: ({ onset }) => momentText(onset) },
          { title: 'to', cell: ({ end }) => momentText(end) },
          { title: 'messages', cell: ({ messages }) => count(messages) },
          { title: 'fraud', cell: (incident) => money(incident.money.value, spend.currency) },
        ],
        rest,
      )
}
</section>`
}
