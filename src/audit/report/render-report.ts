import type { AuditResult } from '../audit-result.js'
import { loadReportCharts } from './figure.js'
import { dayText } from './figures.js'
import { facts, headline } from './headline.js'
import type { Heat } from './heat.js'
import { html } from './html.js'
import { incidentSection } from './incidents.js'
import { methodSection, policySection } from './method.js'
import { nextSteps } from './next-steps.js'
import { page } from './page.js'
import { countrySection, rangeSection } from './places.js'
import { costSection, savingsSection } from './savings.js'
import { trendSection } from './trend.js'
import { loadWorld } from './world-map.js'

export interface ReportOptions {
  /** money by range and time; without it the report has no heat map */
  heat?: Heat
  /** when the report was made, Unix ms */
  now: number
}

/** Called before a long audit, so that nobody waits for a page that cannot be written. @throws Error with what to install */
export async function loadReport(): Promise<void> {
  await loadReportCharts()
  await loadWorld()
}

const PARTS = [
  ['next', 'What to do'],
  ['trend', 'How it went'],
  ['where', 'Where'],
  ['ranges', 'Ranges'],
  ['incidents', 'Incidents'],
  ['savings-title', 'Defences'],
  ['costs', 'Costs'],
  ['policy', 'Policy'],
  ['method', 'Method'],
] as const

/**
 * The report as one file of HTML: for finance the first page, for engineers the rest. Nothing is loaded, nothing runs.
 * @throws Error where the optional packages that charts and the map are drawn with are not installed
 */
export async function renderReport(
  result: AuditResult,
  { heat, now }: ReportOptions,
): Promise<string> {
  await loadReportCharts()
  const sections = [
    await trendSection(result),
    await countrySection(result),
    await rangeSection(result, heat ?? null),
    await incidentSection(result),
    await savingsSection(result),
    costSection(result),
    policySection(result),
    methodSection(result),
  ]
  const made = new Date(now).toISOString()
  return page(
    `SMS pumping audit, ${dayText(result.from)} to ${dayText(result.to)}`,
    html`<header><h1>Tollgate audit of SMS pumping</h1><p>Made on ${dayText(made)}</p></header>
<main>
<nav aria-label="Parts of the report">${PARTS.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav>
${headline(result)}
${facts(result)}
${nextSteps(result)}
${sections}
</main>
<footer><p>Made by Tollgate ${result.tollgate} on this computer: nothing of it was sent anywhere. Times are UTC. Money as in the log, in ${result.spend.currency === '' ? 'its own unit' : result.spend.currency}.</p></footer>`,
  )
}
