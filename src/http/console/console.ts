import type { App } from '../wiring.js'
import { alerts } from './alerts.js'
import { checklist } from './checklist.js'
import { decisions } from './decisions.js'
import { incidents } from './incidents.js'
import { lists } from './lists.js'
import { live } from './live.js'
import { money } from './money.js'
import { overview } from './overview.js'
import { playbook } from './playbook.js'
import { policy } from './policy.js'
import { ranges } from './ranges.js'
import { reports } from './reports.js'
import { review } from './review.js'
import type { ConsoleWiring } from './routes.js'
import { settings } from './settings.js'
import { signIn } from './sign-in.js'
import { sources } from './sources.js'
import { status } from './status.js'
import { users } from './users.js'

/** The console's API, under /v1/console. Its pages are static files (`pages.ts`). */
export function consoleApi(app: App, wiring: ConsoleWiring): void {
  for (const routes of [
    signIn,
    users,
    status,
    live,
    overview,
    incidents,
    playbook,
    review,
    decisions,
  ])
    routes(app, wiring)
  for (const routes of [
    ranges,
    sources,
    policy,
    money,
    reports,
    lists,
    checklist,
    alerts,
    settings,
  ])
    routes(app, wiring)
}
