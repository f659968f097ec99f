/** `npm run docs`: writes the pages that are made from the code. A test fails when they are out of date. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, install, requireNode, root } from './prepare.mjs'

requireNode()
install({ dev: true })
build()
const { policyPage } = await import('../dist/policy/policy-page.js')
const { reasonsPage } = await import('../dist/policy/reasons-page.js')
const { errorsPage } = await import('../dist/http/errors-page.js')
const { signalsPage } = await import('../dist/engine/signals/signals-page.js')
const { alertsPage } = await import('../dist/desk/alert/alerts-page.js')
const { configurationPage } = await import('../dist/cli/configuration-page.js')
const { SCENARIOS } = await import('../dist/lab/scenarios/catalogue.js')
const { scenariosPage } = await import('../dist/lab/scenarios/scenarios-page.js')
for (const [page, text] of [
  ['alerts.md', alertsPage()],
  ['configuration.md', configurationPage()],
  ['policy.md', policyPage()],
  ['reasons.md', reasonsPage()],
  ['errors.md', errorsPage()],
  ['signals.md', signalsPage()],
  ['scenarios.md', scenariosPage(SCENARIOS)],
]) {
  writeFileSync(join(root, 'docs', page), text)
  console.log(`docs/${page}`)
}
