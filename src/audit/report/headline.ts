import { priceSource } from '../analyse/limits.js'
import type { AuditResult, Certainty } from '../audit-result.js'
import { bar } from './bar.js'
import { bestFirst } from './defence-title.js'
import { count, counted, dayText, listed, money, part, percent } from './figures.js'
import { type Html, html, NOTHING } from './html.js'
import { incomplete, leftOut } from './left-out.js'
import type { Colour } from './palette.js'

const CERTAINTIES: readonly { name: Certainty; title: string; colour: Colour }[] = [
  { name: 'surely', title: 'Surely fraud', colour: 'surely' },
  { name: 'probably', title: 'Probably fraud', colour: 'probably' },
  { name: 'unclear', title: 'Unclear', colour: 'unclear' },
  { name: 'fine', title: 'Fine', colour: 'fine' },
]

/** What a certainty means, as probabilities of a message. */
const MEANING: Readonly<Record<Certainty, string>> = {
  surely: 'at least 95 % likely',
  probably: '50 to 95 % likely',
  unclear: '10 to 50 % likely',
  fine: 'less than 10 % likely',
}

/** Anything to report: an estimate that is worth a thousandth of the bill, or an attack that was named. */
export const anyFraud = ({ fraud, incidents }: AuditResult): boolean =>
  fraud.share >= 0.001 || incidents.some(({ kind }) => kind === 'attack')

function whisker({ fraud, spend }: AuditResult): Html {
  const at = (value: number): string => (100 * Math.min(1, part(value, spend.total))).toFixed(2)
  const low = at(fraud.money.low)
  const high = at(fraud.money.high)
  const value = at(fraud.money.value)
  return html`<svg class="whisker" aria-hidden="true" focusable="false"><g stroke="var(--ink)" stroke-width="2"><line x1="${low}%" x2="${high}%" y1="8" y2="8"/><line x1="${low}%" x2="${low}%" y1="2" y2="14"/><line x1="${high}%" x2="${high}%" y1="2" y2="14"/></g><circle cx="${value}%" cy="8" r="5" fill="var(--ink)"/></svg>`
}

/** How much, of what, and how sure. */
export function headline(result: AuditResult): Html {
  const { fraud, spend, from, to, rows } = result
  const { currency } = spend
  const total = money(spend.total, currency)
  const found = anyFraud(result)
  const caution = incomplete(result)
  const said = found
    ? html`<p class="said">of <strong>${total}</strong> spent on messages went to SMS pumping: <strong>${percent(fraud.share)}</strong>. With 90 % confidence it is between ${money(fraud.money.low, currency)} and ${money(fraud.money.high, currency)}, ${percent(fraud.low)} to ${percent(fraud.high)} of the bill.</p>`
    : html`<p class="said">of <strong>${total}</strong> spent on messages looks like SMS pumping. With 90 % confidence it is at most ${money(fraud.money.high, currency)}, ${percent(fraud.high)} of the bill.</p>`
  return html`<section class="card hero" aria-labelledby="answer">
<h2 id="answer" class="kicker">${dayText(from)} to ${dayText(to)}, ${counted(rows, 'message')}</h2>
<p class="sum${found ? '' : ' none'}">${found ? money(fraud.money.value, currency) : 'Nothing'}</p>
${said}
${caution === null ? NOTHING : html`<p class="said"><strong>${caution}</strong></p>`}
<div class="span">${bar(
    CERTAINTIES.map(({ name, colour }) => ({ share: part(fraud[name], spend.total), colour })),
    'split',
  )}${whisker(result)}</div>
<ul class="legend">${CERTAINTIES.map(
    ({ name, title, colour }) =>
      html`<li>${bar([{ share: 1, colour }], 'dot')}${title}<strong>${money(fraud[name], currency)}</strong><span>${percent(part(fraud[name], spend.total))} of the bill, ${MEANING[name]}</span></li>`,
  )}</ul>
<p class="note">The bar is the whole bill. The mark under it is the estimate with its 90 % interval: every message counts by how likely it is, so part of what is unclear is in it.</p>
</section>`
}

const attacks = ({ incidents }: AuditResult) => incidents.filter(({ kind }) => kind === 'attack')

/** Places that took at least this share of the fraud are named in the headline, four at most. */
const NAMED_FROM = 0.05

function since(result: AuditResult): Html {
  const found = attacks(result)
  const first = found.reduce<string | null>(
    (least, { onset }) => (least === null || onset < least ? onset : least),
    null,
  )
  const last = found.reduce((most, { end }) => (end > most ? end : most), '')
  return first === null
    ? html`<dd class="big">No attack found</dd><dd>${result.trend.sentence}</dd>`
    : html`<dd class="big">${dayText(first)}</dd><dd>${counted(found.length, 'attack')}, the last until ${dayText(last)}. ${result.trend.sentence}</dd>`
}

function whereTo({ countries, operators, spend, fraud, markets }: AuditResult): Html {
  const named = [...countries]
    .filter((place) => place.fraud > NAMED_FROM * fraud.money.value && place.fraud > 0)
    .sort((a, b) => b.fraud - a.fraud)
    .slice(0, 4)
  if (named.length === 0)
    return html`<dd class="big">Nowhere</dd><dd>No country has any fraud worth a name.</dd>`
  const abroad = countries.reduce(
    (sum, { market, fraud }) => sum + (market === false ? fraud : 0),
    0,
  )
  const [worst] = [...operators].sort((a, b) => b.fraud - a.fraud)
  const operator =
    worst === undefined || worst.fraud === 0
      ? ''
      : ` Most through ${worst.name} (${worst.country}): ${money(worst.fraud, spend.currency)}.`
  const outside = markets.declared
    ? ` ${percent(part(abroad, fraud.money.value))} of it outside your markets.`
    : ''
  return html`<dd class="big">${listed(named.map(({ name }) => name))}</dd><dd>${named.map(({ fraud }) => money(fraud, spend.currency)).join(', ')}.${operator}${outside}</dd>`
}

function stopped({ wouldHaveSaved, spend }: AuditResult): Html {
  const gate = wouldHaveSaved.find(({ defence }) => defence === 'tollgate')
  const [other] = bestFirst(wouldHaveSaved).filter(
    ({ defence, saved }) => !defence.startsWith('tollgate') && saved > 0,
  )
  const shown = gate ?? other
  if (shown === undefined || shown.saved === 0)
    return html`<dd class="big">Nothing to stop</dd><dd>No defence would have saved anything.</dd>`
  const next =
    other === undefined || other === shown
      ? ''
      : ` The best of the others, "${other.title}", would have saved ${percent(other.share)} and touched ${percent(other.touched)}.`
  return html`<dd class="big">${shown === gate ? 'Tollgate' : shown.title}: ${money(shown.saved, spend.currency)}</dd><dd>${percent(shown.share)} of the fraud${shown === gate ? ' with its default policy' : ''}, refusing or challenging ${percent(shown.touched)} of what is fine.${next}</dd>`
}

function howSure({ outcomes, spend, masked, rows, skipped, duplicates }: AuditResult): Html {
  const left = leftOut(skipped) + duplicates
  const known = outcomes.known
    ? `Whether the code was entered is known for ${percent(outcomes.share)} of the messages.`
    : 'The log does not say which codes were entered: with --outcomes the interval gets narrower.'
  const notes = [
    known,
    ...(spend.estimated > 0 ? [priceSource(spend)] : []),
    ...(masked > 0 ? [`${percent(part(masked, rows))} of the numbers are masked.`] : []),
    ...(left > 0
      ? [
          `${counted(left, 'row')} left out${duplicates > 0 ? `, ${count(duplicates)} of them duplicates` : ''}.`,
        ]
      : []),
  ]
  return html`<dd class="big">${outcomes.known ? 'Outcomes known' : 'Outcomes not known'}</dd><dd>${notes.join(' ')}</dd>`
}

/** Since when, where it went, what would have stopped it, and what it rests on. */
export const facts = (result: AuditResult): Html => html`<dl class="facts">
<div><dt>Since when</dt>${since(result)}</div>
<div><dt>Where it went</dt>${whereTo(result)}</div>
<div><dt>What would have stopped it</dt>${stopped(result)}</div>
<div><dt>What this rests on</dt>${howSure(result)}</div>
</dl>`
