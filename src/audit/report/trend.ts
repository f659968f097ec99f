import type { AuditResult, Period } from '../audit-result.js'
import { figure } from './figure.js'
import { count, dayText, interval, money, monthText, percent } from './figures.js'
import { type Html, html } from './html.js'
import { table } from './table.js'
import { type Step, trendFigure } from './trend-chart.js'

const TITLES: Readonly<Record<Step, string>> = { day: 'Days', week: 'Weeks', month: 'Months' }
/** A step is shown first when it gives at least so many bars and at most three times as many. */
const FEWEST_BARS = 14

/** The coarsest step that still shows a shape. */
const firstStep = ({ month, week }: AuditResult['trend']): Step =>
  month.length >= FEWEST_BARS ? 'month' : week.length >= FEWEST_BARS ? 'week' : 'day'

/** Months, or what is finer in a log of few: the latest first. */
const rowsOf = ({ month, week, day }: AuditResult['trend']): [string, readonly Period[]] =>
  month.length > 2 ? ['month', month] : week.length > 2 ? ['week', week] : ['day', day]

export async function trendSection({ trend, spend }: AuditResult): Promise<Html> {
  const { currency } = spend
  const steps = (['day', 'week', 'month'] as const).filter((step) => trend[step].length > 1)
  const first = firstStep(trend)
  const panes: Html[] = []
  for (const step of steps)
    panes.push(
      html`<div class="pane ${step}">${await figure(trendFigure(trend[step], step, currency))}</div>`,
    )
  const [name, periods] = rowsOf(trend)
  const checked = (step: Step): Html | null =>
    step === (steps.includes(first) ? first : steps[0]) ? html` checked` : null
  return html`<section class="card" aria-labelledby="trend">
<h2 id="trend">How it went</h2>
<p class="lead">${trend.sentence}</p>
<fieldset class="pick"><legend>Step of the chart</legend>${steps.map(
    (step) =>
      html`<input type="radio" name="step" id="by-${step}"${checked(step)}><label for="by-${step}">${TITLES[step]}</label>`,
  )}</fieldset>
${panes}
${table<Period>(
  `Money by ${name}`,
  [
    { title: name, cell: ({ from }) => (name === 'month' ? monthText(from) : dayText(from)) },
    { title: 'messages', cell: ({ messages }) => count(messages) },
    { title: 'spent', cell: (period) => money(period.spend, currency) },
    { title: 'fraud', cell: ({ fraud }) => money(fraud.value, currency) },
    { title: '90 % interval', cell: ({ fraud }) => interval(fraud, currency) },
    { title: 'share', cell: ({ share }) => percent(share) },
  ],
  [...periods].reverse(),
  14,
)}
</section>`
}
