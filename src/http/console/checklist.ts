import { Type } from '@sinclair/typebox'
import type { Desk } from '../../desk/desk.js'
import { DAY } from '../../engine/units.js'
import { collection } from '../../ledger/collection.js'
import { checklistOf } from '../../report/checklist/checklist.js'
import {
  type ChecklistFacts,
  type CheckRow,
  CONFIRMED_CHECKS,
  CONFIRMED_MS,
} from '../../report/checklist/row.js'
import { serviceSums } from '../../report/service-sums.js'
import { actorOf } from '../access.js'
import { problems, strings } from '../schema.js'
import type { ChecklistView } from './checklist-view.js'
import type { ConsoleRoutes } from './routes.js'
import { body, view } from './sign-in-schema.js'

interface Confirmation {
  at: number
  by: string
  note: string
}

const COUNTRIES = 250
const hide = true

async function factsOf(desk: Desk): Promise<ChecklistFacts> {
  const { ledger, gate, alerts, access, deployment, clock } = desk
  const now = clock()
  const { policy } = gate.policy
  await alerts.load()
  const day = { period: 'day', to: now + 1 } as const
  const [users, countries, days, sums] = await Promise.all([
    access.users.list(),
    ledger.top({ ...day, dimension: 'country', from: now - 30 * DAY }, 'verified', COUNTRIES),
    ledger.series({ ...day, dimension: 'all', from: now - 30 * DAY }),
    serviceSums(ledger, { ...day, from: now - 7 * DAY }),
  ])
  const sumOfService = new Map(sums.map((sum) => [sum.service, sum]))
  const outcomes = Object.keys(policy.services).map((service) => {
    const { sends = 0, verified = 0 } = sumOfService.get(service) ?? {}
    return { service, sends, verified }
  })
  const spent = new Map<number, number>()
  for (const { at, spendMicroUsd } of days) spent.set(at, (spent.get(at) ?? 0) + spendMicroUsd)
  const confirmations = collection<Confirmation>(ledger, 'checklist')
  const confirmed = new Map<string, Confirmation>()
  for (const { id, value } of await confirmations.list({ limit: CONFIRMED_CHECKS.length }))
    confirmed.set(id, value)
  return {
    policy,
    rules: new Map(alerts.rules.all().map(({ rule, enabled }) => [rule.id, enabled])),
    sinks: alerts.sinks.all().flatMap(([, { enabled, reports }]) => (enabled ? [{ reports }] : [])),
    providers: deployment.providers,
    publicUrl: deployment.publicUrl,
    admins: users.filter(({ role, disabled }) => role === 'admin' && !disabled).length,
    prices: desk.prices.source,
    outcomes,
    verifiedCountries: countries.flatMap(({ key, verified }) =>
      verified > 0 ? [{ country: key, verified }] : [],
    ),
    busiestDayMicroUsd: spent.size === 0 ? null : Math.max(...spent.values()),
    confirmed,
    now,
  }
}

/** The protection checklist on what is really configured. */
export const checklist: ConsoleRoutes = (app, { allow, desk, clock }) => {
  const { ledger, gate, live } = desk
  const evaluated = async (): Promise<CheckRow[]> => checklistOf(await factsOf(desk))

  app.get(
    '/v1/console/checklist',
    {
      onRequest: allow('viewer'),
      schema: { hide, response: { 200: view<ChecklistView>(), ...problems } },
    },
    async () => ({ rows: await evaluated(), version: gate.policy.version, at: clock() }),
  )

  app.post(
    '/v1/console/checklist/:id/confirm',
    {
      onRequest: allow('analyst'),
      schema: {
        hide,
        params: Type.Object({ id: strings(CONFIRMED_CHECKS) }),
        body: body({ note: Type.String({ minLength: 1, maxLength: 300, pattern: '\\S' }) }),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { note } = request.body
      const actor = actorOf(request)
      const at = clock()
      await collection<Confirmation>(ledger, 'checklist').put({
        ...{ id, at, expiresAt: at + 2 * CONFIRMED_MS },
        value: { at, by: actor.name, note },
      })
      await ledger.commit([
        {
          table: 'actions',
          row: { at, actor: actor.id, action: 'checklist.confirm', target: id, detail: { note } },
        },
      ])
      live.emit('policy', { checklist: id })
      return reply.code(204).send(null)
    },
  )
}
