import { Type } from '@sinclair/typebox'
import { type Evidence, evidenceCsv, evidenceOf } from '../../desk/incidents/evidence.js'
import type { KeptIncident } from '../../desk/incidents/kept-incident.js'
import { targetOf } from '../../desk/playbook/automatic.js'
import { sameTarget } from '../../desk/playbook/kept-measure.js'
import { REASONS } from '../../engine/reasons.js'
import { emptyTally } from '../../report/tally.js'
import { actorOf, seesNumbers } from '../access.js'
import { Refusal } from '../refusal.js'
import { problems } from '../schema.js'
import type { IncidentRow, IncidentsView, IncidentView } from './incidents-view.js'
import { showMeasure } from './measure-show.js'
import { pageBefore, pageNext } from './paging.js'
import type { ConsoleRoutes } from './routes.js'
import { body, view } from './sign-in-schema.js'

const PAGE = 50
const TOP_RANGES = 3
const Params = Type.Object({ id: Type.String({ pattern: '^inc_[0-9a-z_]{1,60}$' }) })
const hide = true

/** Attacks and outages: what happened, what it cost, and what is done about it. */
export const incidents: ConsoleRoutes = (app, { allow, desk, gate, ledger, clock }) => {
  const { incidents: book, playbook } = desk

  const rowOf = (incident: KeptIncident): IncidentRow => ({
    id: incident.id,
    kind: incident.kind,
    state: incident.state,
    service: incident.service,
    countries: incident.countries,
    firstSendAt: incident.firstSendAt,
    openedAt: incident.openedAt,
    containedAt: incident.containedAt,
    closedAt: incident.closedAt,
    closedAs: incident.closedAs,
    lostMicroUsd: incident.lostMicroUsd,
    savedMicroUsd: incident.savedMicroUsd,
    refusedNumbers: incident.refusedNumbers,
    falsePositives: incident.falsePositives,
    ranges: incident.ranges.length,
    topRanges: [...incident.ranges]
      .sort((a, b) => b.sent - a.sent)
      .slice(0, TOP_RANGES)
      .map(({ key }) => key),
    measures: playbook.inForce().filter(({ incidentId }) => incidentId === incident.id).length,
  })

  async function found(id: string): Promise<KeptIncident> {
    const incident = await book.get(id)
    if (incident === null) throw new Refusal('not_found', 'There is no such incident.')
    return incident
  }

  app.get(
    '/v1/console/incidents',
    {
      onRequest: allow('viewer'),
      schema: {
        hide,
        querystring: Type.Object({ before: Type.Optional(Type.String({ maxLength: 100 })) }),
        response: { 200: view<IncidentsView>(), ...problems },
      },
    },
    async (request) => {
      const before = pageBefore(request.query.before)
      const { running, over } = await book.list({
        limit: PAGE,
        ...(before !== undefined && { before }),
      })
      const last = over.length < PAGE ? undefined : over.at(-1)
      return {
        running: running.map(rowOf).sort((a, b) => b.lostMicroUsd - a.lostMicroUsd),
        rows: over.map(rowOf),
        next: last === undefined ? null : pageNext({ at: last.openedAt, id: last.id }),
      }
    },
  )

  app.get(
    '/v1/console/incidents/:id',
    {
      onRequest: allow('viewer'),
      schema: { hide, params: Params, response: { 200: view<IncidentView>(), ...problems } },
    },
    async (request) => {
      const incident = await found(request.params.id)
      const { findings, complete, tallies, money } = await book.dossier(incident)
      const full = seesNumbers(request)
      const inForce = playbook.inForce()
      return {
        ...rowOf(incident),
        rangeRows: incident.ranges.map((range) => {
          const tally = tallies.get(range.key) ?? emptyTally()
          const target = targetOf(range, incident.service)
          return {
            ...range,
            requests: tally.requests,
            sends: tally.sends,
            denied: tally.denied,
            challenged: tally.challenged,
            spendMicroUsd: tally.spendMicroUsd,
            lostMicroUsd: tally.lostMicroUsd + tally.failedMicroUsd,
            savedMicroUsd: tally.savedMicroUsd,
            measures:
              target === null
                ? []
                : inForce
                    .filter((m) => sameTarget(m.target, target))
                    .map((m) => showMeasure(m, full)),
          }
        }),
        sources: incident.sources,
        timeline: incident.timeline,
        notes: incident.notes,
        findings: {
          ...findings,
          boundBy: findings.boundBy.map((bound) => ({
            ...bound,
            sentence: REASONS[bound.code].remedy,
          })),
        },
        complete,
        money,
        measureRows: inForce
          .filter(({ incidentId }) => incidentId === incident.id)
          .map((measure) => showMeasure(measure, full)),
        analysis: await book.analyses.of(incident.id),
        monitor: gate.policy.service(incident.service)?.policy.mode === 'monitor',
      }
    },
  )

  app.post(
    '/v1/console/incidents/:id/notes',
    {
      onRequest: allow('analyst'),
      schema: {
        hide,
        params: Params,
        body: body({ text: Type.String({ minLength: 1, maxLength: 2_000 }) }),
        response: { 201: view<{ at: number }>(), ...problems },
      },
    },
    async (request, reply) => {
      await found(request.params.id)
      const note = await book.note(request.params.id, request.body.text, actorOf(request))
      if (note === null)
        throw new Refusal('conflict', 'This incident has all the notes it can hold.')
      reply.code(201)
      return { at: note.at }
    },
  )

  app.post(
    '/v1/console/incidents/:id/analysis',
    {
      onRequest: allow('analyst'),
      schema: { hide, params: Params, response: { 202: view<object>(), ...problems } },
    },
    async (request, reply) => {
      const incident = await found(request.params.id)
      if (!book.analyses.start(incident))
        throw new Refusal('conflict', 'Another replay is running; wait for its end, or cancel it.')
      const { id } = actorOf(request)
      const row = {
        at: clock(),
        actor: id,
        action: 'incident.analyse',
        target: incident.id,
        detail: null,
      }
      await ledger.commit([{ table: 'actions', row }])
      reply.code(202)
      return {}
    },
  )

  app.get(
    '/v1/console/incidents/:id/evidence.:format',
    {
      onRequest: allow('analyst'),
      schema: {
        hide,
        params: Type.Object({
          id: Params.properties.id,
          format: Type.Unsafe<'csv' | 'json'>({ type: 'string', enum: ['csv', 'json'] }),
        }),
      },
    },
    async (request, reply) => {
      const { id, format } = request.params
      const incident = await found(id)
      const evidence: Evidence = await evidenceOf(desk.ledger, incident, clock())
      const row = {
        at: clock(),
        actor: actorOf(request).id,
        action: 'incident.export',
        target: id,
        detail: { messages: evidence.messages.length, complete: evidence.complete, format },
      }
      await ledger.commit([{ table: 'actions', row }])
      reply.header('content-disposition', `attachment; filename="${id}-evidence.${format}"`)
      if (!evidence.complete) reply.header('x-tollgate-complete', 'false')
      if (format === 'csv') return reply.type('text/csv; charset=utf-8').send(evidenceCsv(evidence))
      return reply
        .type('application/json; charset=utf-8')
        .send(`${JSON.stringify(evidence, null, 2)}\n`)
    },
  )
}
