import type { Deployment } from '../../desk/parts.js'
import type { ServicePolicy } from '../../engine/policy.js'
import { DAY } from '../../engine/units.js'
import { sumOf } from '../../report/tally.js'
import { problems } from '../schema.js'
import { createDirectory } from '../twilio/directory.js'
import type { ConsoleRoutes } from './routes.js'
import type { DeploymentView, ServicesView, ServiceView } from './settings-view.js'
import { view } from './sign-in-schema.js'
import { servicesOf } from './traffic-query.js'

const settingsOf = ({ mode, markets, outside, fraudBudgetMicroUsd, code }: ServicePolicy) => {
  const { digits, ttlMs, maxChecks, maxSends, resendAfterMs } = code
  return {
    ...{ mode, markets, outside, fraudBudget: fraudBudgetMicroUsd },
    code: { digits, ttlMs, maxChecks, maxSends, resendAfterMs },
  }
}

/** How services are set and how this gateway is run: to be read here, and changed where it is written. */
export const settings: ConsoleRoutes = (app, { gate, desk, ledger, sender, allow, clock }) => {
  const directory = createDirectory({ gate, ledger })
  const { deployment } = desk
  const onRequest = allow('viewer')

  app.get(
    '/v1/console/settings/services',
    { onRequest, schema: { hide: true, response: { 200: view<ServicesView>(), ...problems } } },
    async (): Promise<ServicesView> => {
      const now = clock()
      const since = Math.floor(now / DAY) * DAY
      const { services, fallback } = gate.policy.policy
      const rows = await directory.all()
      const names = new Set([
        ...(await servicesOf({ gate, ledger: desk.ledger })),
        ...rows.map(({ name }) => name),
      ])
      const views: ServiceView[] = []
      for (const name of names) {
        const policy = gate.policy.service(name)?.policy
        if (policy === undefined) continue
        const sum = sumOf(
          await desk.ledger.series({
            ...{ period: 'day', dimension: 'all', service: name },
            ...{ from: since, to: now },
          }),
        )
        const twilio = rows.find((row) => row.name === name)
        views.push({
          name,
          named: services[name] !== undefined,
          ...settingsOf(policy),
          today: {
            requests: sum.requests,
            sends: sum.sends,
            verified: sum.verified,
            spend: sum.spendMicroUsd,
          },
          twilio:
            twilio === undefined ? null : { sid: twilio.sid, friendlyName: twilio.friendlyName },
        })
      }
      return { services: views, others: fallback !== null, since }
    },
  )

  app.get(
    '/v1/console/settings/deployment',
    { onRequest, schema: { hide: true, response: { 200: view<DeploymentView>(), ...problems } } },
    async (): Promise<DeploymentView> => {
      const breakers = new Map(sender.health().map(({ provider, state }) => [provider, state]))
      const { version, simulation, publicUrl, configFile, policyFile, data, numbers } = deployment
      return {
        ...{ version, simulation, publicUrl, configFile, policyFile, data, numbers },
        trustProxies: deployment.trustProxies,
        retention: deployment.retention,
        providers: deployment.providers.map((provider) => ({
          ...provider,
          state: breakers.get(provider.name) ?? null,
        })),
        prices: { source: desk.prices.source },
        ledger: (await ledger.healthy().catch(() => false)) ? 'healthy' : 'failing',
        gateways: gatewaysOf(deployment.roster?.()),
        node: process.version,
        now: clock(),
      }
    },
  )
}

function gatewaysOf(roster: ReturnType<NonNullable<Deployment['roster']>> | undefined) {
  if (roster === undefined) return null
  const { members, configured, says, tooMuch } = roster
  return { names: members.map(({ gateway }) => gateway).sort(), configured, says, tooMuch }
}
