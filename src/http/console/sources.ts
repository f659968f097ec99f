import { Type } from '@sinclair/typebox'
import type { DecisionSearch, RollupSum } from '../../ledger/console-port.js'
import { ATTRIBUTION } from '../../network/source.js'
import { courseOf } from '../../report/course.js'
import { SOURCE_KINDS, type SourceKind } from '../../report/shared-sources.js'
import { addressOf, aimsOf, sourceMarks } from '../../report/sources.js'
import { beforeSpan, bucketsOf } from '../../report/span.js'
import { emptyTally } from '../../report/tally.js'
import { byKey, trafficOf } from '../../report/traffic-row.js'
import { upToNow } from '../../report/up-to-now.js'
import { Refusal } from '../refusal.js'
import { problems, strings } from '../schema.js'
import type { ConsoleRoutes } from './routes.js'
import { view } from './sign-in-schema.js'
import type { SourceRow, SourcesView, SourceView } from './sources-view.js'
import { askOf, type TrafficAsk, trafficQuery } from './traffic-query.js'

const MOST_ROWS = 100
/** Last requests of a source that its destinations are counted from. */
const SAMPLE = 500
/** Networks whose names are kept: of some 80,000 that there are. */
const MOST_KNOWN = 10_000

const Kind = strings(SOURCE_KINDS)

/** Sources as the search of decisions takes them; requests are not found by subnet, those of its network are. */
function searchOf(
  kind: SourceKind,
  key: string,
  asnOf: (ip: string | null) => number | null,
): Pick<DecisionSearch, 'asn' | 'ip' | 'deviceId' | 'accountId'> | null {
  switch (kind) {
    case 'network':
      return { asn: Number(key.slice(2)) }
    case 'device':
      return { deviceId: key }
    case 'account':
      return { accountId: key }
    case 'ip':
      return { ip: addressOf(kind, key) ?? key }
    case 'subnet': {
      const asn = asnOf(addressOf(kind, key))
      return asn === null ? null : { asn }
    }
  }
}

/** Where requests come from: networks, subnets, addresses, devices, accounts. */
export const sources: ConsoleRoutes = (app, { gate, desk, allow, clock }) => {
  const { ledger } = desk
  const tallies = upToNow(ledger, clock)
  const onRequest = allow('viewer')

  /** Facts of networks that a page has asked for: each is looked for in the decisions once. */
  const known = new Map<string, { network: string | null; hosting: boolean; country: null }>()

  /** Name and hosting mark of a network, by an address that was seen in it. */
  async function networkFacts(key: string) {
    const had = known.get(key)
    if (had !== undefined) return had
    const [seen] = (await ledger.search({ asn: Number(key.slice(2)), limit: 1 })).rows
    const { asnName, hosting } = gate.sourceFacts(seen?.ip ?? null)
    const facts = { network: asnName, hosting, country: null }
    if (known.size >= MOST_KNOWN) known.clear()
    if (seen !== undefined) known.set(key, facts)
    return facts
  }

  /** Network, country and hosting mark of a source. */
  async function factsOf(kind: SourceKind, key: string) {
    if (kind === 'network') return networkFacts(key)
    const { asnName, hosting, country } = gate.sourceFacts(addressOf(kind, key))
    return { network: asnName, hosting, country }
  }

  async function rowsOf(kind: SourceKind, { span, service }: TrafficAsk, sums: RollupSum[]) {
    if (sums.length === 0) return []
    const keys = sums.map(({ key }) => key)
    const base = { dimension: kind, keys, ...(service !== undefined && { service }) }
    const points = byKey(
      await tallies.series({ ...base, period: span.period, from: span.trendFrom, to: span.to }),
    )
    const before = byKey(await tallies.top({ ...base, ...beforeSpan(span) }, 'sends', keys.length))
    const buckets = bucketsOf(span)
    const speaking = { incidents: gate.incidents(), measures: desk.playbook.inForce() }
    const rows: SourceRow[] = []
    for (const sum of sums) {
      const { key } = sum
      rows.push({
        kind,
        key,
        ...trafficOf(sum, before.get(key)?.[0], points.get(key) ?? [], buckets),
        ...(await factsOf(kind, key)),
        marks: sourceMarks(kind, key, speaking),
      })
    }
    return rows
  }

  app.get(
    '/v1/console/sources',
    {
      onRequest,
      schema: {
        hide: true,
        querystring: Type.Object(
          {
            ...trafficQuery,
            kind: Type.Optional(Kind),
            prefix: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: view<SourcesView>(), ...problems },
      },
    },
    async ({ query }) => {
      const { ask, view: span } = askOf(query, clock())
      const { kind = 'network', prefix } = query
      const { from, to, period } = ask.span
      const filter = {
        ...{ dimension: kind, period, from, to },
        ...(ask.service !== undefined && { service: ask.service }),
        ...(prefix !== undefined && { prefix }),
      }
      const sums = await tallies.top(filter, ask.by, MOST_ROWS + 1)
      const rows = await rowsOf(kind, ask, sums.slice(0, MOST_ROWS))
      return { span, rows, more: sums.length > MOST_ROWS, attribution: ATTRIBUTION }
    },
  )

  app.get(
    '/v1/console/sources/one',
    {
      onRequest,
      schema: {
        hide: true,
        querystring: Type.Object(
          { ...trafficQuery, kind: Kind, key: Type.String({ minLength: 1, maxLength: 300 }) },
          { additionalProperties: false },
        ),
        response: { 200: view<SourceView>(), ...problems },
      },
    },
    async ({ query }) => {
      const { ask, view: span } = askOf(query, clock())
      const { kind, key } = query
      const { from, to, period, trendFrom } = ask.span
      const filter = {
        ...{ dimension: kind, period, to, keys: [key] },
        ...(ask.service !== undefined && { service: ask.service }),
      }
      const [sum = { ...emptyTally(), key, parent: '' }] = await tallies.top(
        { ...filter, from },
        ask.by,
        1,
      )
      const [row] = await rowsOf(kind, ask, [sum])
      const points = await tallies.series({ ...filter, from: trendFrom })
      const wanted = searchOf(kind, key, (ip) => gate.sourceFacts(ip).asn)
      const service = ask.service === undefined ? {} : { service: ask.service }
      const found =
        wanted === null
          ? []
          : (await ledger.search({ ...wanted, ...service, from, limit: SAMPLE })).rows
      const own = found.filter(({ subnet }) => kind !== 'subnet' || subnet === key)
      if (row === undefined) throw new Refusal('not_found', 'No such source.')
      const series = courseOf(points, span.buckets)
      return { span, row, series, ...aimsOf(own), sampled: own.length }
    },
  )
}
