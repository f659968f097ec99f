import { type Static, type TObject, Type } from '@sinclair/typebox'
import { Value, ValueErrorType } from '@sinclair/typebox/value'
import { providerGuard } from './exchange.js'
import { FailureMapping, Pointer, SuccessMapping } from './http-mapping.js'
import { Secret } from './secret.js'

const closed = { additionalProperties: false }
const Name = Type.String({
  pattern: '^[a-z0-9][a-z0-9_-]{0,40}$',
  description: 'lower-case letters, digits, - and _; stands in the address of the receipts',
})
const TimeoutMs = Type.Optional(Type.Integer({ minimum: 100, maximum: 60_000, description: 'ms' }))

const whole = (minimum: number, maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum, maximum, description }))
const Limits = Type.Optional(
  Type.Object(
    {
      maxConcurrent: whole(1, 100_000, 'messages under way at once, 1 or more; default 256'),
      queue: whole(0, 100_000, 'messages that wait for one of them, 0 or more; default 0'),
      breaker: Type.Optional(
        Type.Object(
          {
            threshold: Type.Optional(
              Type.Number({
                exclusiveMinimum: 0,
                maximum: 1,
                description: 'share of service errors that opens the circuit, 0 to 1; default 0.5',
              }),
            ),
            size: whole(1, 10_000, 'messages it looks back on; default 20'),
            minimum: whole(1, 10_000, 'messages it takes to judge; default 5'),
            openMs: whole(100, 3_600_000, 'ms until a probe is sent; default 5000'),
            maxOpenMs: whole(100, 3_600_000, 'ms until a probe is sent, at most; default 60000'),
          },
          closed,
        ),
      ),
    },
    closed,
  ),
)

const AllowPrivate = Type.Optional(
  Type.Boolean({
    description: 'true: it may be in a private network, and be asked by plain http',
  }),
)

export const ConsoleConfig = Type.Object({ name: Name, type: Type.Literal('console') }, closed)

const TwilioConfig = Type.Object(
  {
    name: Name,
    type: Type.Literal('twilio'),
    accountSid: Type.String({
      pattern: '^AC[0-9a-fA-F]{32}$',
      description: 'AC and 32 hex digits',
    }),
    authToken: Type.Optional(Secret),
    apiKey: Type.Optional(Type.String({ minLength: 1 })),
    apiSecret: Type.Optional(Secret),
    from: Type.Optional(Type.String({ minLength: 1 })),
    messagingServiceSid: Type.Optional(
      Type.String({ pattern: '^MG[0-9a-fA-F]{32}$', description: 'MG and 32 hex digits' }),
    ),
    webhookAuthToken: Type.Optional(Secret),
    baseUrl: Type.Optional(Type.String({ pattern: '^https?://', description: 'a URL' })),
    allowPrivate: AllowPrivate,
    timeoutMs: TimeoutMs,
    limits: Limits,
  },
  closed,
)

const HttpConfig = Type.Object(
  {
    name: Name,
    type: Type.Literal('http'),
    url: Type.String({ pattern: '^https?://', description: 'a URL' }),
    allowPrivate: AllowPrivate,
    method: Type.Optional(
      Type.Union([Type.Literal('GET'), Type.Literal('POST'), Type.Literal('PUT')]),
    ),
    headers: Type.Optional(Type.Record(Type.String(), Secret)),
    body: Type.Optional(Type.Union([Type.String(), Type.Record(Type.String(), Type.Unknown())])),
    success: Type.Optional(SuccessMapping),
    failure: Type.Optional(Type.Array(FailureMapping)),
    id: Type.Optional(Pointer),
    receipts: Type.Optional(Type.Object({ secret: Secret }, closed)),
    timeoutMs: TimeoutMs,
    limits: Limits,
  },
  closed,
)

/** One entry of `send` in the deployment file. */
export const ProviderConfig = Type.Union([ConsoleConfig, TwilioConfig, HttpConfig])
export type ProviderConfig = Static<typeof ProviderConfig>

const SCHEMAS: Record<string, TObject> = {
  console: ConsoleConfig,
  twilio: TwilioConfig,
  http: HttpConfig,
}

/**
 * Checks `send` of the deployment file. Problems name the path (`send[0].url`), what is wrong and what is known
 * instead; none means that the list is a `ProviderConfig[]`.
 */
export function sendConfigProblems(list: unknown): string[] {
  if (!Array.isArray(list) || list.length === 0) {
    return ['send: a list of providers is needed, e.g. [{ name: dev, type: console }]']
  }
  const names = list.map((entry) => (entry as { name?: unknown } | null)?.name)
  const taken = names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index
      ? [`send[${index}].name: ${String(name)} is taken. Receipts are told apart by it`]
      : [],
  )
  return [...list.flatMap((entry, index) => problemsOf(entry, `send[${index}]`)), ...taken]
}

function problemsOf(entry: unknown, path: string): string[] {
  const type = (entry as { type?: unknown } | null)?.type
  const schema =
    typeof type === 'string' && Object.hasOwn(SCHEMAS, type) ? SCHEMAS[type] : undefined
  if (!schema) {
    const known = Object.keys(SCHEMAS).join(', ')
    return [`${path}.type: ${JSON.stringify(type) ?? 'missing'} is none of ${known}`]
  }
  const problems = [...Value.Errors(schema, entry)].map((error) => {
    const at = path + error.path.replace(/\/(\d+)/g, '[$1]').replaceAll('/', '.')
    if (error.type === ValueErrorType.ObjectAdditionalProperties) {
      const known = Object.keys((error.schema as TObject).properties).join(', ')
      return `${at}: unknown key. Known keys: ${known}`
    }
    const wanted = error.schema.description ? ` (${error.schema.description})` : ''
    return `${at}: ${error.message}${wanted}`
  })
  // One missing key is reported twice: as missing and as of the wrong type.
  const once = problems.filter(
    (problem, index) =>
      problems.findIndex((p) => p.split(':')[0] === problem.split(':')[0]) === index,
  )
  if (once.length > 0) return once
  const place = placeOf(entry as ProviderConfig)
  const away = place && providerGuard(place.key, place).problem(place.url)
  return [
    ...(place && away ? [`${path}.${place.key}: ${away}`] : []),
    ...(type === 'twilio' ? twilioProblems(entry as TwilioEntry, path) : []),
  ]
}

/** Where a provider is asked, and under which key that stands; `null` where the configuration gives no URL. */
export function placeOf(
  entry: ProviderConfig,
): { key: 'url' | 'baseUrl'; url: string; allowPrivate: boolean } | null {
  if (entry.type === 'console') return null
  const { allowPrivate = false } = entry
  if (entry.type === 'http') return { key: 'url', url: withoutPath(entry.url), allowPrivate }
  return entry.baseUrl === undefined ? null : { key: 'baseUrl', url: entry.baseUrl, allowPrivate }
}

/** Path and query are templates; whether a place is private is for scheme and host to say. */
const withoutPath = (url: string): string => url.replace(/^(\w+:\/\/[^/?#]*).*$/s, '$1')

type TwilioEntry = Static<typeof TwilioConfig>

function twilioProblems(entry: TwilioEntry, path: string): string[] {
  const { authToken, apiKey, apiSecret, from, messagingServiceSid } = entry
  const problems: string[] = []
  const keyed = apiKey !== undefined && apiSecret !== undefined
  if ((apiKey === undefined) !== (apiSecret === undefined)) {
    problems.push(`${path}: apiKey and apiSecret go together`)
  } else if (authToken === undefined && !keyed) {
    problems.push(`${path}: credentials are missing. Give authToken, or apiKey and apiSecret`)
  }
  if ((from === undefined) === (messagingServiceSid === undefined)) {
    problems.push(`${path}: give one of from and messagingServiceSid`)
  }
  return problems
}
