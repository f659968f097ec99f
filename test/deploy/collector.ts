import { type Endpoint, startEndpoint } from '../fakes/http-endpoint.js'

type OtlpValue = { stringValue?: string; intValue?: number | string; boolValue?: boolean }
interface OtlpAttribute {
  key: string
  value: OtlpValue
}
interface OtlpSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  attributes: OtlpAttribute[]
  status: { code: number; message?: string }
}
interface OtlpBody {
  resourceSpans: {
    resource: { attributes: OtlpAttribute[] }
    scopeSpans: { spans: OtlpSpan[] }[]
  }[]
}

export interface CollectedSpan {
  traceId: string
  id: string
  parent: string | null
  name: string
  /** 1 internal, 2 server, 3 client */
  kind: number
  attributes: Record<string, string | number | boolean>
  failed: boolean
  startNs: bigint
}

/** A collector: what OTLP over HTTP posts to it, decoded. */
export interface Collector {
  readonly endpoint: Endpoint
  spans(): CollectedSpan[]
  resource(): Record<string, string | number | boolean>
  /** everything that was posted, as it came */
  text(): string
}

const plain = ({ stringValue, intValue, boolValue }: OtlpValue) =>
  stringValue ?? boolValue ?? Number(intValue)

const attributesOf = (list: OtlpAttribute[]) =>
  Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]))

export async function startCollector(): Promise<Collector> {
  const endpoint = await startEndpoint()
  const bodies = () =>
    endpoint.requests
      .filter(({ url }) => url === '/v1/traces')
      .map(({ body }) => JSON.parse(body) as OtlpBody)
  return {
    endpoint,
    text: () => endpoint.requests.map(({ body }) => body).join('\n'),
    resource: () => attributesOf(bodies()[0]?.resourceSpans[0]?.resource.attributes ?? []),
    spans: () =>
      bodies()
        .flatMap(({ resourceSpans }) => resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans)
        .map((span) => ({
          traceId: span.traceId,
          id: span.spanId,
          parent: span.parentSpanId || null,
          name: span.name,
          kind: span.kind,
          attributes: attributesOf(span.attributes),
          failed: span.status.code === 2,
          startNs: BigInt(span.startTimeUnixNano),
        })),
  }
}

/** A trace as indented names, children in the order in which they began; a name that comes several times in a row once. */
export function treeOf(spans: readonly CollectedSpan[]): string[] {
  const ids = new Set(spans.map(({ id }) => id))
  const below = (parent: string | null, depth: number): string[] =>
    spans
      .filter((s) =>
        parent === null ? s.parent === null || !ids.has(s.parent) : s.parent === parent,
      )
      .sort((a, b) => Number(a.startNs - b.startNs))
      .flatMap((s) => [`${'  '.repeat(depth)}${s.name}`, ...below(s.id, depth + 1)])
  return below(null, 0).filter((line, i, all) => line !== all[i - 1])
}
