import { type Static, Type } from '@sinclair/typebox'
import { LONGEST_MS, SHORTEST_MS } from '../../desk/playbook/durations.js'
import { actionsFor, readTarget } from '../../desk/playbook/read-target.js'
import { ACTIONS, TARGETS, type Target } from '../../engine/measures.js'
import { LIST_ENTRY_HINT } from '../../policy/list-entry.js'
import { actorOf, seesNumbers } from '../access.js'
import { invalid, Refusal } from '../refusal.js'
import { problems, strings } from '../schema.js'
import { showMeasure, showTarget } from './measure-show.js'
import { pageBefore, pageNext } from './paging.js'
import type { MeasureView, PastMeasuresView, PlaybookView, PreviewView } from './playbook-view.js'
import type { ConsoleRoutes } from './routes.js'
import { body, view } from './sign-in-schema.js'

const PAGE = 50
const TargetBody = body({
  kind: strings(TARGETS),
  key: Type.String({ minLength: 1, maxLength: 256 }),
  service: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 64 })),
})
const limit = Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 }))
const PreviewBody = body({ target: TargetBody, action: strings(ACTIONS), limit })
const OrderBody = body({
  target: TargetBody,
  action: strings(ACTIONS),
  limit,
  durationMs: Type.Optional(Type.Integer({ minimum: SHORTEST_MS, maximum: LONGEST_MS })),
  incidentId: Type.Optional(Type.String({ maxLength: 64 })),
  note: Type.Optional(Type.String({ maxLength: 500 })),
  /** the target's key, typed, where the preview asked for it */
  confirm: Type.Optional(Type.String({ maxLength: 256 })),
})
const Params = Type.Object({ id: Type.String({ pattern: '^mea_[0-9a-f]{1,40}$' }) })
const hide = true

/** Orders on ranges, networks, countries and services: previewed, applied, undone. */
export const playbook: ConsoleRoutes = (app, { allow, desk, gate }) => {
  const { playbook: book } = desk

  function targetOf({ kind, key, service = null }: Static<typeof TargetBody>): Target {
    const target = readTarget({ kind, key, service })
    if (target === null)
      throw invalid('/target/key', `is no ${kind}`, kind === 'ip' ? LIST_ENTRY_HINT : undefined)
    const named = target.kind === 'service' ? target.key : target.service
    if (named !== null && gate.policy.service(named) === null)
      throw invalid('/target/service', 'is no service of the policy')
    return target
  }

  app.get(
    '/v1/console/playbook',
    {
      onRequest: allow('viewer'),
      schema: { hide, response: { 200: view<PlaybookView>(), ...problems } },
    },
    async (request) => {
      const quarantines = gate.quarantines()
      return {
        inForce: book.inForce().map((measure) => showMeasure(measure, seesNumbers(request))),
        quarantined: quarantines.length,
        quarantinedUntil: Math.max(0, ...quarantines.map(({ until }) => until)),
      }
    },
  )

  app.get(
    '/v1/console/playbook/past',
    {
      onRequest: allow('viewer'),
      schema: {
        hide,
        querystring: Type.Object({ before: Type.Optional(Type.String({ maxLength: 100 })) }),
        response: { 200: view<PastMeasuresView>(), ...problems },
      },
    },
    async (request) => {
      const past = await book.past(PAGE, pageBefore(request.query.before))
      const last = past.length < PAGE ? undefined : past.at(-1)
      return {
        rows: past.map((measure) => showMeasure(measure, seesNumbers(request))),
        next: last === undefined ? null : pageNext({ at: last.startedAt, id: last.id }),
      }
    },
  )

  app.post(
    '/v1/console/playbook/preview',
    {
      // whether a whole number was asked for is nothing for who may not read it
      onRequest: allow('analyst'),
      schema: { hide, body: PreviewBody, response: { 200: view<PreviewView>(), ...problems } },
    },
    async (request) => {
      const { action, limit } = request.body
      const target = targetOf(request.body.target)
      const preview = await book.preview({ target, action, ...(limit !== undefined && { limit }) })
      const { usual, ...shown } = preview
      return {
        ...shown,
        target: showTarget(target, seesNumbers(request)),
        action,
        actions: actionsFor(target.kind),
        durationMs: await book.durationOf(target),
        usualPeak: usual?.peakHourly ?? null,
      }
    },
  )

  app.post(
    '/v1/console/playbook',
    {
      onRequest: allow('analyst'),
      schema: { hide, body: OrderBody, response: { 201: view<MeasureView>(), ...problems } },
    },
    async (request, reply) => {
      const { action, limit, durationMs, incidentId, note, confirm } = request.body
      const target = targetOf(request.body.target)
      const limited = limit === undefined ? {} : { limit }
      const { confirm: word } = await book.preview({ target, action, ...limited })
      if (word !== null && confirm !== word)
        throw invalid(
          '/confirm',
          'this would have stopped more than half of the people of the last hour',
          `type ${word} to order it all the same`,
        )
      const actor = actorOf(request)
      const applied = await book.apply({
        target,
        action,
        ...limited,
        ...(durationMs !== undefined && { durationMs }),
        incidentId: incidentId ?? null,
        note: note ?? null,
        by: { id: actor.id, name: actor.name },
      })
      if (applied === 'not for this target')
        throw invalid('/action', `cannot be ordered for a ${target.kind}`)
      if (applied === 'too many')
        throw new Refusal(
          'conflict',
          'Too many measures are in force; put what stays in the policy.',
        )
      reply.code(201)
      return showMeasure(applied, true)
    },
  )

  app.post(
    '/v1/console/playbook/:id/extend',
    {
      onRequest: allow('analyst'),
      schema: {
        hide,
        params: Params,
        body: body({ byMs: Type.Integer({ minimum: SHORTEST_MS, maximum: LONGEST_MS }) }),
        response: { 200: view<MeasureView>(), ...problems },
      },
    },
    async (request) => {
      const { id, name } = actorOf(request)
      const extended = await book.extend(request.params.id, request.body.byMs, { id, name })
      if (extended === null) throw ended()
      return showMeasure(extended, true)
    },
  )

  app.delete(
    '/v1/console/playbook/:id',
    {
      onRequest: allow('analyst'),
      schema: { hide, params: Params, response: { 200: view<MeasureView>(), ...problems } },
    },
    async (request) => {
      const { id, name } = actorOf(request)
      const undone = await book.undo(request.params.id, { id, name })
      if (undone === null) throw ended()
      return showMeasure(undone, true)
    },
  )
}

const ended = () => new Refusal('not_found', 'No such measure is in force; it may have ended.')
