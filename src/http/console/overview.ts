import { Type } from '@sinclair/typebox'
import { exampleRequest } from '../../cli/example-number.js'
import type { Incident } from '../../engine/detect/change.js'
import { SECOND } from '../../engine/units.js'
import { coreSignals } from '../../report/core-signals.js'
import { dearestPrices } from '../../report/policy-bounds.js'
import { readFlow, unverifiedDay } from '../../report/read-overview.js'
import { riskOf } from '../../report/risk.js'
import { strings } from '../schema.js'
import {
  type OpenIncident,
  OVERVIEW_SPANS,
  type OverviewSpan,
  type OverviewView,
} from './overview-view.js'
import type { ConsoleRoutes } from './routes.js'
import { view } from './sign-in-schema.js'

/** Counting goes on once a second: pages that ask in between get the same answer. */
const FRESH_MS = SECOND
const MOST_RANGES = 3

const query = Type.Object(
  { span: Type.Optional(strings([...OVERVIEW_SPANS])) },
  { additionalProperties: false },
)

/** What happens now: the page that is open all day. */
export const overview: ConsoleRoutes = (app, { desk, gate, clock, allow }) => {
  const { ledger, prices, deployment, peaks } = desk
  const dearest = dearestPrices(prices)
  const known = new Map<OverviewSpan, { at: number; view: Promise<OverviewView> }>()

  async function read(span: OverviewSpan, now: number): Promise<OverviewView> {
    const [flow, signals, exposure, unverified] = await Promise.all([
      readFlow(ledger, span, now),
      peaks(now).then((usual) => coreSignals(ledger, usual, now)),
      gate.exposure(),
      unverifiedDay(ledger, now),
    ])
    const quiet = flow.course.every(({ requests }) => requests === 0)
    const first = quiet && (await ledger.requests({ limit: 1 })).length === 0
    const toConsole = deployment.providers.every(({ type }) => type === 'console')
    return {
      ...flow,
      ...{ span, now, signals },
      risk: riskOf(gate.policy, exposure, dearest, unverified),
      incidents: gate.incidents().flatMap(shown),
      firstDay: first ? { ...exampleRequest(gate.policy), sends: toConsole } : null,
    }
  }

  app.get(
    '/v1/console/overview',
    {
      onRequest: allow('viewer'),
      schema: { hide: true, querystring: query, response: { 200: view<OverviewView>() } },
    },
    async ({ query: { span = '1h' } }) => {
      const now = clock()
      const before = known.get(span)
      if (before !== undefined && now - before.at < FRESH_MS && now >= before.at) return before.view
      const asked = read(span, now)
      known.set(span, { at: now, view: asked })
      // a failure is told to who asked, and asked again by the next
      asked.catch(() => known.delete(span))
      return asked
    },
  )
}

function shown(incident: Incident): OpenIncident[] {
  const { id, kind, state, service, countries, ranges } = incident
  if (state === 'closed') return []
  return [
    {
      ...{ id, kind, state, service, countries },
      ranges: ranges.slice(0, MOST_RANGES).map(({ key }) => key),
      rangeCount: ranges.length,
      since: incident.firstSendAt,
      lost: incident.lostMicroUsd,
      saved: incident.savedMicroUsd,
      refusedNumbers: incident.refusedNumbers,
    },
  ]
}
