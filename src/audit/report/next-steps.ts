import type { AuditResult } from '../audit-result.js'
import { counted, money } from './figures.js'
import { anyFraud } from './headline.js'
import { type Html, html } from './html.js'

/** What to do about it, in the order in which it pays. */
export function nextSteps(result: AuditResult): Html {
  const { incidents, outcomes, markets, spend, wouldHaveSaved } = result
  const attacks = incidents.filter(({ kind }) => kind === 'attack')
  const [worst] = [...attacks].sort((a, b) => b.money.value - a.money.value)
  const gate = wouldHaveSaved.find(({ defence }) => defence === 'tollgate')
  const steps = [
    ...(worst === undefined
      ? []
      : [
          html`<strong>Ask for the money back.</strong> Send your provider the messages of ${counted(attacks.length, 'attack')}: <code>tollgate audit ... --evidence ${worst.id}</code> writes the file for the costliest.`,
        ]),
    ...(gate !== undefined && gate.saved > 0 && anyFraud(result)
      ? [
          html`<strong>Put the gate in front.</strong> It would have kept ${money(gate.saved, spend.currency)}. Start with the <a href="#policy">proposed policy</a> in <code>monitor</code> mode: nobody is refused until you say so.`,
        ]
      : []),
    ...(markets.declared
      ? []
      : [
          html`<strong>Say where your users are.</strong> <code>--markets</code> with their countries tells growth from fraud; without it the audit took them from the log.`,
        ]),
    ...(outcomes.known
      ? []
      : [
          html`<strong>Add who entered the code.</strong> <code>--outcomes verified.csv</code> (number and time, or message id) is what sharpens this report most.`,
        ]),
    html`<strong>Check again each month.</strong> <code>tollgate audit ... --fail-above 5%</code> ends with exit code 3 when more of the bill is fraud.`,
  ]
  return html`<section class="card" aria-labelledby="next"><h2 id="next">What to do</h2>
<ol class="do">${steps.map((step) => html`<li>${step}</li>`)}</ol></section>`
}
