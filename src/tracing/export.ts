import { DiagLogLevel, diag } from '@opentelemetry/api'
import { createGuard, type Guard } from '../outward/guard.js'

export interface ExportOptions {
  /** where spans are posted, e.g. http://collector:4318/v1/traces */
  url: string
  /** the collector may be in a private network, and be asked by plain http */
  allowPrivate: boolean
  /** sent with them, e.g. the key of a vendor */
  headers: Record<string, string>
  /** share of traces that begin here and are recorded, 0 to 1; a caller's own choice is followed. @default 1, or what OTEL_TRACES_SAMPLER says */
  sample: number | null
  /** name of the service in the traces, its release, and which gateway it is */
  service: { name: string; version: string; instance: string }
  /** told when spans cannot be delivered; no request suffers from it */
  warn: (text: string) => void
  /** monotonic, ms */
  now: () => number
}

/** Time that one batch is given, ms: a collector that hangs must not hold up the end of the process. */
const EXPORT_MS = 5_000
/** A collector that is down is told of once in this time, ms. */
const WARN_EVERY_MS = 60_000

/** Where a collector may be. */
export const collectorGuard = ({ allowPrivate }: Pick<ExportOptions, 'allowPrivate'>): Guard =>
  createGuard({ allowPrivate, setting: 'tracing.allowPrivate: true' })

/**
 * Records the spans of this process and posts them as OTLP over HTTP (JSON), in batches, off the request's way.
 * Loads the SDK, which nothing else does.
 * @returns what delivers the rest at the end
 * @throws Error with how to install it when the SDK is not there, or how to allow it where the collector is private
 */
export async function exportTraces(options: ExportOptions): Promise<() => Promise<void>> {
  const { url, headers, sample, service } = options
  const guard = collectorGuard(options)
  const problem = guard.problem(url)
  if (problem !== null) throw new Error(`traces go to ${new URL(url).origin}: ${problem}`)
  const { sdk, otlp, resources } = await load()
  diag.setLogger(quietly(options), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  const exporter = new otlp.OTLPTraceExporter({
    ...{ url, headers, timeoutMillis: EXPORT_MS },
    // the exporter follows no redirects
    httpAgentOptions: { keepAlive: true, ...guard.connect },
  })
  const provider = new sdk.NodeTracerProvider({
    resource: resources.resourceFromAttributes({
      'service.name': service.name,
      'service.version': service.version,
      'service.instance.id': service.instance,
    }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter, { exportTimeoutMillis: EXPORT_MS })],
    ...(sample !== null && {
      sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(sample) }),
    }),
  })
  provider.register()
  return () => provider.shutdown()
}

async function load() {
  try {
    const [sdk, otlp, resources] = await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
    return { sdk, otlp, resources }
  } catch (cause) {
    throw new Error(
      'tracing needs optional packages that are not installed: npm install @opentelemetry/sdk-trace-node @opentelemetry/exporter-trace-otlp-http @opentelemetry/resources',
      { cause },
    )
  }
}

/** The SDK's own complaints: without those that quote headers, and not once a batch. */
function quietly({ warn, now }: ExportOptions) {
  let free = Number.NEGATIVE_INFINITY
  const tell = (message: string): void => {
    if (now() < free) return
    free = now() + WARN_EVERY_MS
    warn(`traces: ${message.slice(0, 200)}`)
  }
  const nothing = (): void => undefined
  const lost = (message: string): void => {
    if (message.startsWith('Dropped')) tell(message)
  }
  return { error: tell, warn: lost, info: nothing, debug: nothing, verbose: nothing }
}
