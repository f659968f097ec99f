import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import twilio from 'twilio'

type RequestOptions<TData> = Parameters<typeof twilio.RequestClient.prototype.request<TData>>[0]

interface Operation {
  operationId: string
  responses: Record<string, { content?: Record<string, unknown> }>
}
interface Spec {
  paths: Record<string, Partial<Record<string, Operation>>>
  components: object
}

const require = createRequire(import.meta.url)
const SPECS = join(
  dirname(require.resolve('@twilio-alpha/mcp/package.json')),
  'twilio-oai/spec/json',
)
const read = (name: string): Spec => JSON.parse(readFileSync(join(SPECS, name), 'utf8')) as Spec
const specs = [read('twilio_verify_v2.json'), read('twilio_lookups_v2.json')]

const { default: Validator } =
  require('openapi-response-validator') as typeof import('openapi-response-validator')

/** Operation of a path: literal parts win over parameters, as /Attempts/Summary does over /Attempts/{Sid}. */
export function operationFor(
  method: string,
  path: string,
): { spec: Spec; operation: Operation; template: string } {
  const found = specs
    .flatMap((spec) => Object.keys(spec.paths).map((template) => ({ spec, template })))
    .filter(({ template }) => new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path))
    .sort((a, b) => a.template.split('{').length - b.template.split('{').length)
  for (const { spec, template } of found) {
    const operation = spec.paths[template]?.[method.toLowerCase()]
    if (operation) return { spec, operation, template }
  }
  throw new Error(`${method} ${path} is not in Twilio's specifications`)
}

/** What the official specification has against an answer; `null` when it holds. */
export function violations(method: string, path: string, status: number, body: unknown): unknown {
  const { spec, operation } = operationFor(method, path)
  const declared = operation.responses[String(status)]
  if (!declared) return `status ${status} is not declared`
  if (!declared.content)
    return body === '' || body === undefined ? null : 'a body where none belongs'
  const validator = new Validator({
    responses: operation.responses as never,
    components: spec.components as never,
    customFormats: { uri: (text: string) => URL.canParse(text) },
  })
  return validator.validateResponse(String(status), body) ?? null
}

export interface Exchange {
  method: string
  path: string
  status: number
  body: unknown
}

/** Twilio's own client, unmodified but for where its requests go; every exchange is kept. */
export function twilioClient(url: string, key: { id: string; secret: string }) {
  const exchanges: Exchange[] = []
  class Redirected extends twilio.RequestClient {
    override async request<TData>(options: RequestOptions<TData>) {
      const asked = new URL(options.uri)
      const uri = `${url}${asked.pathname}${asked.search}`
      const response = await super.request<TData>({ ...options, uri })
      const body: unknown = response.body
      exchanges.push({
        method: String(options.method),
        path: decodeURIComponent(asked.pathname),
        status: response.statusCode,
        body: typeof body === 'string' && body !== '' ? JSON.parse(body) : body,
      })
      return response
    }
  }
  const client = twilio(key.id, key.secret, { httpClient: new Redirected() })
  return { client, exchanges }
}
