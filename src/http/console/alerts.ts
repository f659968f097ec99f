import { Type } from '@sinclair/typebox'
import { recorder } from '../../desk/access/record.js'
import { ALERT_RULES, isRule, type RuleInForce, SEVERITIES } from '../../desk/alert/rules.js'
import { actorOf } from '../access.js'
import { invalid, Refusal } from '../refusal.js'
import { queryInteger, strings } from '../schema.js'
import type { AlarmView, AlertsView, DeliveryView, RuleView } from './alerts-view.js'
import type { ConsoleRoutes } from './routes.js'
import { sinks } from './sinks.js'

const MOST_PAST = 50
const PAGE = 50

const hide = { hide: true }
const RuleId = Type.Object({ id: strings(ALERT_RULES.map(({ id }) => id)) })
const RuleBody = Type.Object(
  {
    enabled: Type.Boolean(),
    severity: strings(SEVERITIES),
    thresholds: Type.Record(Type.String({ maxLength: 30 }), Type.Number(), { maxProperties: 10 }),
  },
  { additionalProperties: false },
)

const ruleView = ({ rule, enabled, severity, value }: RuleInForce, changed: boolean): RuleView => ({
  id: rule.id,
  title: rule.title,
  when: rule.when,
  action: rule.action,
  enabled,
  severity,
  defaultSeverity: rule.severity,
  thresholds: rule.thresholds.map((one) => ({ ...one, value: value(one.name) })),
  changed,
})

const alarmView = ({
  clearSince: _since,
  holdsUntil: _until,
  ...alarm
}: AlarmView & {
  clearSince?: unknown
  holdsUntil?: unknown
}): AlarmView => alarm

/** Alerts: what fires, the rules, the sinks and what was delivered to them. */
export const alerts: ConsoleRoutes = (app, wiring) => {
  const { desk, allow, clock } = wiring
  const { alerts: book } = desk
  const record = recorder(desk.ledger, clock)

  app.get(
    '/v1/console/alerts',
    { onRequest: allow('viewer'), schema: hide },
    async (): Promise<AlertsView> => {
      await book.load()
      return {
        firing: book.firing().map(alarmView),
        past: (await book.past({ limit: MOST_PAST })).map(alarmView),
      }
    },
  )

  app.get('/v1/console/alerts/rules', { onRequest: allow('viewer'), schema: hide }, async () => {
    await book.load()
    const overrides = book.rules.overrides()
    return { rules: book.rules.all().map((one) => ruleView(one, one.rule.id in overrides)) }
  })

  app.put(
    '/v1/console/alerts/rules/:id',
    { onRequest: allow('admin'), schema: { ...hide, params: RuleId, body: RuleBody } },
    async (request) => {
      const { id } = request.params
      const { thresholds, enabled, severity } = request.body
      const rule = ALERT_RULES.find((one) => one.id === id)
      for (const [name, value] of Object.entries(thresholds)) {
        const known = rule?.thresholds.find((one) => one.name === name)
        if (known === undefined)
          throw invalid(`/thresholds/${name}`, 'is no threshold of this rule')
        if (!(value >= known.min && value <= known.max))
          throw invalid(`/thresholds/${name}`, `must be ${known.min} to ${known.max}`, known.says)
      }
      await book.load()
      await book.rules.change(id, { enabled, severity, thresholds })
      const detail = { enabled, severity, ...thresholds }
      await record({ actor: actorOf(request).id, action: 'alert-rule.change', target: id, detail })
      desk.live.emit('alert', { rule: id })
      return { id }
    },
  )

  app.delete(
    '/v1/console/alerts/rules/:id',
    { onRequest: allow('admin'), schema: { ...hide, params: RuleId } },
    async (request, reply) => {
      const { id } = request.params
      if (!isRule(id)) throw new Refusal('not_found', 'There is no such rule.')
      await book.load()
      await book.rules.change(id, null)
      const actor = actorOf(request).id
      await record({ actor, action: 'alert-rule.reset', target: id, detail: null })
      desk.live.emit('alert', { rule: id })
      return reply.code(204).send()
    },
  )

  app.get(
    '/v1/console/alerts/deliveries',
    {
      onRequest: allow('analyst'),
      schema: {
        ...hide,
        querystring: Type.Object(
          {
            before: Type.Optional(Type.String({ maxLength: 100, pattern: '^[0-9]+:[\\w-]+$' })),
            limit: Type.Optional(queryInteger(3)),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      await book.load()
      const { before, limit } = request.query
      const most = Math.min(Number(limit ?? PAGE) || PAGE, 200)
      const [at = '', id = ''] = before?.split(':') ?? []
      const rows = await book.deliveries.list(
        most,
        before === undefined ? undefined : { at: Number(at), id },
      )
      const last = rows.at(-1)
      return {
        rows: rows.map(({ id: delivery, value }): DeliveryView => {
          const { notice, ...rest } = value
          return {
            ...rest,
            id: delivery,
            sinkName: book.sinks.get(value.sink)?.name ?? value.sink,
            title: notice.type === 'alarm' ? notice.alarm.title : notice.title,
            kind: notice.kind,
          }
        }),
        next: rows.length < most || last === undefined ? null : `${last.at}:${last.id}`,
      }
    },
  )

  app.post(
    '/v1/console/alerts/deliveries/:id/retry',
    {
      onRequest: allow('admin'),
      schema: { ...hide, params: Type.Object({ id: Type.String({ maxLength: 60 }) }) },
    },
    async (request) => {
      const { id } = request.params
      await book.load()
      if (!(await book.deliveries.retry(id)))
        throw new Refusal('not_found', 'There is no such message, or it was delivered.')
      const actor = actorOf(request).id
      await record({ actor, action: 'alert-delivery.retry', target: id, detail: null })
      desk.live.emit('alert', { delivery: 'waiting' })
      return { id }
    },
  )

  sinks(app, wiring)
}
