import { Type } from '@sinclair/typebox'
import type { ConsoleStore, TallyName } from '../../ledger/console-port.js'
import { bucketsOf, SPANS, type Span, type SpanName, spanOf } from '../../report/span.js'
import type { Gate } from '../../verify/types.js'
import { strings } from '../schema.js'
import type { SpanView } from './ranges-view.js'

/** What tables of traffic are ordered by, and the tally that says it. */
export const ORDERS = {
  requests: 'requests',
  unverified: 'lost',
  spend: 'spendMicroUsd',
  wasted: 'lostMicroUsd',
  saved: 'savedMicroUsd',
} as const satisfies Record<string, TallyName>
export type Order = keyof typeof ORDERS

/** Query parameters that all tables of traffic have. */
export const trafficQuery = {
  span: Type.Optional(strings(SPANS)),
  by: Type.Optional(strings(Object.keys(ORDERS) as Order[])),
  service: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
}

export interface TrafficAsk {
  span: Span
  by: TallyName
  service?: string
}

export function askOf(
  query: { span?: SpanName; by?: Order; service?: string },
  now: number,
): { ask: TrafficAsk; name: SpanName; view: SpanView } {
  const { span: name = '24h', by = 'requests', service } = query
  const span = spanOf(name, now)
  return {
    name,
    ask: { span, by: ORDERS[by], ...(service !== undefined && { service }) },
    view: { name, from: span.from, to: span.to, buckets: bucketsOf(span) },
  }
}

/** Last requests that services the policy does not name are looked for in. */
const RECENT = 200

/** Services that the policy names, and where it takes others too, those of them that asked lately. */
export async function servicesOf({
  gate,
  ledger,
}: {
  gate: Pick<Gate, 'policy'>
  ledger: Pick<ConsoleStore, 'search'>
}): Promise<string[]> {
  const { services, fallback } = gate.policy.policy
  const named = Object.keys(services)
  if (fallback === null) return named
  const { rows } = await ledger.search({ limit: RECENT })
  return [...new Set([...named, ...rows.map(({ service }) => service)])]
}
