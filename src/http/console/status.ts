import { SECOND } from '../../engine/units.js'
import { askedOf } from '../access-hook.js'
import type { HelloView, StatusView } from './hello-view.js'
import type { ConsoleRoutes } from './routes.js'
import { view } from './sign-in-schema.js'

/** Requests that wait are found by reading them: once for all pages, and not more often than this. */
const WAITING_MS = 5 * SECOND

/** What a page needs before anybody is signed in, and what every page says of the gateway around it. */
export const status: ConsoleRoutes = (
  app,
  { desk, gate, ledger, sender, clock, allow, conditions },
) => {
  const { access, deployment } = desk

  app.get(
    '/v1/console/hello',
    { schema: { hide: true, response: { 200: view<HelloView>() } } },
    async (request) => ({
      ...(await access.state(askedOf(request))),
      version: deployment.version,
      simulation: deployment.simulation,
      now: clock(),
    }),
  )

  const uncounted = { at: Number.NEGATIVE_INFINITY, waiting: Promise.resolve(0) }
  let counted = uncounted
  // whoever answered one sees at once that it is one fewer
  desk.live.subscribe(({ kind }) => {
    if (kind === 'review') counted = uncounted
  })
  const waiting = (): Promise<number> => {
    const now = clock()
    if (now - counted.at >= WAITING_MS || now < counted.at)
      counted = { at: now, waiting: desk.review.waiting().then(({ held }) => held.length) }
    return counted.waiting
  }

  async function trouble(): Promise<StatusView['trouble']> {
    const found: StatusView['trouble'] = []
    const told = conditions.trouble().filter(({ name }) => name !== 'load')
    for (const { says, since } of told) found.push({ what: says, since })
    if (!told.some(({ name }) => name === 'ledger') && !(await ledger.healthy().catch(() => false)))
      found.push({
        what: 'The ledger cannot be written: requests are answered with an error until it can.',
        since: null,
      })
    const dark = sender.health().filter(({ state }) => state === 'open')
    for (const { provider } of dark)
      found.push({
        what: `The provider ${provider} takes no messages; it is tried again by itself.`,
        since: null,
      })
    return found
  }

  app.get(
    '/v1/console/status',
    {
      onRequest: allow('viewer'),
      schema: { hide: true, response: { 200: view<StatusView>() } },
    },
    async () => {
      const { services, fallback } = gate.policy.policy
      const named = Object.values(services).map(({ name, mode }) => ({ name, mode }))
      return {
        services:
          fallback === null ? named : [...named, { name: 'any other', mode: fallback.mode }],
        trouble: await trouble(),
        openIncidents: gate.incidents().filter(({ closedAt }) => closedAt === null).length,
        waiting: await waiting(),
      }
    },
  )
}
