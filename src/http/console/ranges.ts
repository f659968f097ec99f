import { Type } from '@sinclair/typebox'
import { courseOf } from '../../report/course.js'
import { RANGE_LEVELS, type RangePlace, readOperator, readQuestion } from '../../report/ranges.js'
import {
  creditsOf,
  findRanges,
  type RangeReader,
  readChildren,
  readRange,
} from '../../report/read-ranges.js'
import { sharedSources } from '../../report/shared-sources.js'
import { emptyTally } from '../../report/tally.js'
import { upToNow } from '../../report/up-to-now.js'
import { Refusal } from '../refusal.js'
import { problems, strings } from '../schema.js'
import type { RangesView, RangeView } from './ranges-view.js'
import type { ConsoleRoutes } from './routes.js'
import { view } from './sign-in-schema.js'
import { askOf, servicesOf, trafficQuery } from './traffic-query.js'

const Level = strings(RANGE_LEVELS)
const Key = Type.String({ minLength: 1, maxLength: 200 })
/** Last requests of a range that its sources are counted from. */
const SAMPLE = 500

interface PlaceQuery {
  level: RangePlace['level']
  key: string
  operator?: string
  block?: string
}

/** The place that a link names: the keys around a block are in the link, for a prefix does not tell them. */
function placeOfQuery({ level, key, operator, block }: PlaceQuery): RangePlace {
  switch (level) {
    case 'country':
      return { level, key, country: key, operator: null, block: null }
    case 'operator':
      return { level, key, country: readOperator(key).country, operator: key, block: null }
    default: {
      const of = operator ?? null
      const country = of === null ? '' : readOperator(of).country
      return { level, key, country, operator: of, block: level === 'block' ? key : (block ?? null) }
    }
  }
}

/** Where messages go: countries, their operators, blocks and sub-blocks. */
export const ranges: ConsoleRoutes = (app, { gate, desk, allow, clock }) => {
  const tallies = upToNow(desk.ledger, clock)
  const reader = async (): Promise<RangeReader> => ({
    ledger: tallies,
    gate,
    services: await servicesOf({ gate, ledger: desk.ledger }),
    speaking: {
      incidents: gate.incidents(),
      quarantines: gate.quarantines(),
      measures: desk.playbook.inForce(),
    },
  })
  const onRequest = allow('viewer')

  app.get(
    '/v1/console/ranges',
    {
      onRequest,
      schema: {
        hide: true,
        querystring: Type.Object(
          {
            ...trafficQuery,
            level: Type.Optional(Level),
            key: Type.Optional(Key),
            operator: Type.Optional(Key),
          },
          { additionalProperties: false },
        ),
        response: { 200: view<RangesView>(), ...problems },
      },
    },
    async ({ query }) => {
      const { ask, view: span } = askOf(query, clock())
      const { level, key, operator } = query
      const parent =
        level === undefined || key === undefined
          ? null
          : { level, key, operator: level === 'operator' ? key : (operator ?? null) }
      return { span, ...(await readChildren(await reader(), ask, parent)) }
    },
  )

  app.get(
    '/v1/console/ranges/search',
    {
      onRequest,
      schema: {
        hide: true,
        querystring: Type.Object(
          { ...trafficQuery, q: Type.String({ minLength: 1, maxLength: 60 }) },
          { additionalProperties: false },
        ),
        response: { 200: view<RangesView>(), ...problems },
      },
    },
    async ({ query }) => {
      const { ask, view: span } = askOf(query, clock())
      const question = readQuestion(query.q)
      const rows = question === null ? [] : await findRanges(await reader(), ask, question)
      return { span, rows, more: false }
    },
  )

  app.get(
    '/v1/console/ranges/one',
    {
      onRequest,
      schema: {
        hide: true,
        querystring: Type.Object(
          {
            ...trafficQuery,
            level: Level,
            key: Key,
            operator: Type.Optional(Key),
            block: Type.Optional(Key),
          },
          { additionalProperties: false },
        ),
        response: { 200: view<RangeView>(), ...problems },
      },
    },
    async ({ query }) => {
      const { ask, view: span } = askOf(query, clock())
      const place = placeOfQuery(query)
      const now = await reader()
      const row = await readRange(now, ask, place)
      if (row === null) throw new Refusal('not_found', 'No such range.')
      const { period, trendFrom: from, to } = ask.span
      const { service } = ask
      const filter = { period, from, to, ...(service !== undefined && { service }) }
      const points = await tallies.series({
        ...filter,
        dimension: place.level,
        keys: [place.key],
      })
      const wanted = {
        ...(place.level === 'block' || place.level === 'subBlock'
          ? { range: place.key }
          : { country: place.country }),
        ...(service !== undefined && { service }),
      }
      const found = await desk.ledger.search({ ...wanted, from: ask.span.from, limit: SAMPLE })
      const rows = found.rows.filter(
        ({ operator }) => place.level !== 'operator' || operator === place.key,
      )
      const sum = {
        ...emptyTally(),
        ...{ key: place.key, parent: '', sends: row.sends, spendMicroUsd: row.spend },
        ...{ refusedNumbers: row.refusedNumbers, savedMicroUsd: row.saved },
      }
      return {
        span,
        row,
        series: courseOf(points, span.buckets),
        credit: await creditsOf(gate, service === undefined ? now.services : [service], place, sum),
        sources: sharedSources(rows, gate.sourceFacts),
        sampled: rows.length,
      }
    },
  )
}
