import { hostname } from 'node:os'
import { type Static, Type } from '@sinclair/typebox'
import { resolveSecret, Secret } from '../send/secret.js'
import type { ExportOptions } from '../tracing/export.js'
import { asUsage } from './fault.js'
import { VERSION } from './version.js'

/** `tracing` of the deployment file. */
export const TracingFile = Type.Object(
  {
    endpoint: Type.Optional(
      Type.String({
        pattern: '^https?://[^/]+(/.*[^/])?$',
        description: 'http(s)://host:4318 of an OTLP collector, without a slash at its end',
      }),
    ),
    allowPrivate: Type.Optional(
      Type.Boolean({
        description: 'true: the collector may be in a private network, and be asked by plain http',
      }),
    ),
    sample: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, description: 'share of traces recorded, 0 to 1' }),
    ),
    service: Type.Optional(
      Type.String({ minLength: 1, description: 'name in the traces; default tollgate' }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Secret, {
        description: 'sent to the collector, e.g. { authorization: { file: /run/secrets/otlp } }',
      }),
    ),
  },
  { additionalProperties: false },
)
export type TracingFile = Static<typeof TracingFile>

type Env = Readonly<Record<string, string | undefined>>

/**
 * Where traces go; `null` where nobody asked for any. The endpoint is the deployment's, else that of OpenTelemetry's own
 * variables: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is a whole URL, OTEL_EXPORTER_OTLP_ENDPOINT is completed.
 */
export function tracesUrl(written: TracingFile, env: Env): string | null {
  const { endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT } = written
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole, OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER } = env
  if (OTEL_SDK_DISABLED === 'true' || OTEL_TRACES_EXPORTER === 'none') return null
  const url =
    written.endpoint === undefined && whole ? whole : endpoint && `${trimmed(endpoint)}/v1/traces`
  return url || null
}

/** @throws Error when a secret of the headers cannot be read */
function tracingOptions(
  written: TracingFile,
  env: Env,
): Omit<ExportOptions, 'warn' | 'now'> | null {
  const { sample, service, headers = {} } = written
  const url = tracesUrl(written, env)
  if (url === null) return null
  return {
    url,
    allowPrivate: written.allowPrivate ?? false,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, secret]) => [
        name,
        resolveSecret(secret, `tracing.headers.${name}`, env),
      ]),
    ),
    sample: sample ?? null,
    service: {
      name: service ?? env.OTEL_SERVICE_NAME ?? 'tollgate',
      version: VERSION,
      instance: hostname(),
    },
  }
}

const trimmed = (endpoint: string): string => endpoint.replace(/\/+$/, '')

/**
 * Begins to record traces where the configuration asks for them.
 * @returns what delivers the rest at the end; `null` where nothing is traced
 * @throws CliFault when a secret or the SDK is missing
 */
export async function startTracing(
  written: TracingFile,
  env: Env,
  warn: (text: string) => void,
): Promise<(() => Promise<void>) | null> {
  const options = await asUsage('', () => tracingOptions(written, env))
  if (options === null) return null
  const { exportTraces } = await import('../tracing/export.js')
  return asUsage('', () => exportTraces({ ...options, warn, now: () => performance.now() }))
}
