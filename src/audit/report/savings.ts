import type { AuditResult, Saving } from '../audit-result.js'
import { bestFirst } from './defence-title.js'
import { figure } from './figure.js'
import { count, money, percent, price } from './figures.js'
import { type Html, html, NOTHING } from './html.js'
import { savingsFigure } from './savings-chart.js'
import { table } from './table.js'

const source = (url: string): string | Html =>
  /^https:\/\//.test(url) ? html`<a href="${url}" rel="noreferrer">published\u00a0rule</a>` : url

type Reckoned = Saving & { assumption?: string }

/** How the figures of each were reckoned, where it was said. */
function reckoning(savings: readonly Reckoned[]): Html {
  const said = savings.filter(({ assumption = '' }) => assumption !== '')
  return said.length === 0
    ? NOTHING
    : html`<h3>How each was reckoned</h3>
<ul class="plain">${said.map(
        (saving) =>
          html`<li><strong>${saving.title}.</strong> ${sentence(saving.assumption ?? '')}</li>`,
      )}</ul>`
}

const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`

export async function savingsSection({ wouldHaveSaved, spend }: AuditResult): Promise<Html> {
  const savings = bestFirst(wouldHaveSaved)
  return html`<section class="card" aria-labelledby="savings-title">
<h2 id="savings-title">What would have stopped it</h2>
<p class="lead">The log replayed, message by message, through defences that were not there. A defence is good when it saves much of the fraud and touches (refuses or challenges) little of what is fine: they stand in the order of the one less the other.</p>
${savings.length === 0 ? NOTHING : await figure(savingsFigure(savings, spend.currency))}
${table<Saving>(
  'Saved against touched',
  [
    { title: 'defence', cell: ({ title }) => title },
    { title: 'saved', cell: ({ saved }) => money(saved, spend.currency) },
    { title: 'of the fraud', cell: ({ share }) => percent(share) },
    { title: 'fine messages touched', cell: ({ touched }) => percent(touched) },
    { title: 'messages refused', cell: ({ refused }) => count(refused) },
    { title: 'source', kind: 'text', cell: (saving) => source(saving.source) },
  ],
  savings,
)}
${reckoning(savings)}
</section>`
}

export function costSection({ costs, spend }: AuditResult): Html {
  return html`<section class="card" aria-labelledby="costs">
<h2 id="costs">What a verified user costs</h2>
<p class="lead">${costs.breakEven}</p>
<div class="models">${costs.models.map(
    ({ title, total, perVerified, assumption }) =>
      html`<div><h3>${title}</h3><p class="amount">${money(total, spend.currency)}</p><p class="said">${perVerified === null ? 'Per verified user: not known without outcomes.' : `${price(perVerified, spend.currency)} per verified user.`} ${sentence(assumption)}</p></div>`,
  )}</div>
</section>`
}
