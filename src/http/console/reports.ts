import { Type } from '@sinclair/typebox'
import { recorder } from '../../desk/access/record.js'
import { dateOf } from '../../desk/reports/local-day.js'
import type { KeptReport } from '../../desk/reports/reports.js'
import type { DailySources } from '../../report/daily.js'
import { actorOf, seesNumbers } from '../access.js'
import { maskNumber } from '../mask.js'
import { invalid, Refusal } from '../refusal.js'
import type { ReportLine, ReportsView, ReportView } from './reports-view.js'
import type { ConsoleRoutes } from './routes.js'

const PAGE = 40
const hide = { hide: true }
const Id = Type.Object({
  id: Type.String({
    pattern: '^(daily-20[0-9]{2}-[01][0-9]-[0-3][0-9]|monthly-20[0-9]{2}-[01][0-9]|today)$',
  }),
})

const lineOf = (id: string, value: KeptReport): ReportLine => {
  const { kind, report } = value
  const totals = kind === 'daily' ? value.report.totals : value.report.money.totals
  const { sends, conversion, spendMicroUsd, wastedMicroUsd, savedMicroUsd } = totals
  return {
    ...{ id, kind, of: kind === 'daily' ? value.report.date : value.report.month },
    ...{ sends, conversion, spendMicroUsd, wastedMicroUsd, savedMicroUsd },
    ...{ incidents: report.incidents.length, madeAt: report.madeAt },
  }
}

const masked = (sources: DailySources | null): DailySources | null =>
  sources === null
    ? null
    : {
        ...sources,
        numbers: sources.numbers.map((row) => ({ ...row, key: maskNumber(row.key) })),
      }

/** Daily and monthly reports as they are kept, and the day as it stands. */
export const reports: ConsoleRoutes = (app, { desk, allow, clock }) => {
  const { reports: kept } = desk
  const record = recorder(desk.ledger, clock)

  app.get(
    '/v1/console/reports',
    {
      onRequest: allow('viewer'),
      schema: {
        ...hide,
        querystring: Type.Object(
          {
            kind: Type.Optional(Type.Union([Type.Literal('daily'), Type.Literal('monthly')])),
            before: Type.Optional(Type.String({ maxLength: 60, pattern: '^[0-9]+:[a-z0-9-]+$' })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request): Promise<ReportsView> => {
      const { kind, before } = request.query
      const [at = '', id = ''] = before?.split(':') ?? []
      const rows = await kept.list({
        limit: PAGE,
        ...(kind !== undefined && { kind }),
        ...(before !== undefined && { before: { at: Number(at), id } }),
      })
      const last = rows.at(-1)
      return {
        rows: rows.map((row) => lineOf(row.id, row.value)),
        next: rows.length < PAGE || last === undefined ? null : `${last.at}:${last.id}`,
        timeZone: await kept.timeZone(),
      }
    },
  )

  app.get(
    '/v1/console/reports/:id',
    { onRequest: allow('viewer'), schema: { ...hide, params: Id } },
    async (request): Promise<ReportView> => {
      const { id } = request.params
      if (id === 'today') {
        const date = dateOf(await kept.timeZone(), clock())
        return { kind: 'daily', report: await kept.preview(date), sources: null, preview: true }
      }
      const row = await kept.get(id)
      if (row === null)
        throw new Refusal('not_found', 'There is no such report: days without traffic have none.')
      const { value } = row
      if (value.kind === 'monthly') return { kind: 'monthly', report: value.report }
      const sources = await kept.sourcesOf(value.report.date)
      return {
        kind: 'daily',
        report: value.report,
        sources: seesNumbers(request) ? sources : masked(sources),
        preview: false,
      }
    },
  )

  app.put(
    '/v1/console/reports/time-zone',
    {
      onRequest: allow('admin'),
      schema: {
        ...hide,
        body: Type.Object(
          { timeZone: Type.String({ minLength: 1, maxLength: 60 }) },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const { timeZone } = request.body
      try {
        dateOf(timeZone, clock())
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        throw invalid('/timeZone', 'is no time zone', 'give an IANA name such as Africa/Lagos')
      }
      await kept.setTimeZone(timeZone)
      const actor = actorOf(request).id
      await record({ actor, action: 'reports.time-zone', target: timeZone, detail: null })
      desk.live.emit('report', { timeZone })
      return { timeZone }
    },
  )
}
