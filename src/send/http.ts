import { createExchange, type Place, providerGuard } from './exchange.js'
import { unavailable } from './failure.js'
import { type HttpMapping, readAnswer } from './http-mapping.js'
import { readReceipts } from './http-receipts.js'
import type { OutgoingMessage, Provider } from './port.js'
import {
  encodeFor,
  fill,
  fillJson,
  inHeader,
  inUrl,
  PLACEHOLDERS,
  unknownPlaceholders,
  type Values,
  wellFormed,
} from './template.js'
import { verifyWebhook, webhookKey } from './webhook-signature.js'

export interface HttpOptions extends Partial<HttpMapping>, Place {
  name: string
  /** template; values are URL-encoded, scheme and host are fixed; https and on the public internet, or see `allowPrivate` */
  url: string
  /** @default 'POST' */
  method?: 'GET' | 'POST' | 'PUT'
  /** templates; values are percent-encoded beyond printable ASCII */
  headers?: Record<string, string>
  /**
   * Template: an object is sent as JSON (or as a form, by its content type); a text has its values encoded
   * for the content type. @default {"to":"{to}","body":"{body}","idempotencyKey":"{idempotencyKey}"}
   */
  body?: string | Record<string, unknown>
  timeoutMs?: number
  /** Standard Webhooks secret; without it receipts are refused */
  receipts?: { secret: string }
  /** Unix ms. @default Date.now */
  now?: () => number
}

const DEFAULT_BODY = { to: '{to}', body: '{body}', idempotencyKey: '{idempotencyKey}' }

/**
 * Any provider with an HTTP API, and any script of one's own.
 *
 * @example
 * httpProvider({ name: 'own', url: 'http://127.0.0.1:9999/sms', allowPrivate: true }) // POST {"to","body","idempotencyKey"}
 */
export function httpProvider(options: HttpOptions): Provider {
  const { name, url, timeoutMs, id = '/id', now = Date.now } = options
  const {
    method = 'POST',
    headers = {},
    body = method === 'GET' ? undefined : DEFAULT_BODY,
  } = options
  const where = `provider "${name}"`
  if (method === 'GET' && body !== undefined) {
    throw new Error(
      `${where}: a GET request has no body. Use method: POST, or placeholders in the URL`,
    )
  }
  const contentType = new Headers(headers).get('content-type') ?? 'application/json'
  const writeBody = body === undefined ? () => undefined : bodyWriter(body, contentType)
  const key = options.receipts && webhookKey(options.receipts.secret)

  function write(values: Values) {
    const written: Record<string, string> = { 'idempotency-key': inHeader(values.idempotencyKey) }
    if (body !== undefined) written['content-type'] = contentType
    for (const [header, template] of Object.entries(headers)) {
      written[header.toLowerCase()] = fill(template, values, inHeader)
    }
    const text = writeBody(values)
    const init = { method, headers: written, ...(text === undefined ? {} : { body: text }) }
    return { url: fill(url, values, inUrl), init }
  }
  const origin = rehearse(where, { url, headers, body }, write)
  const guard = providerGuard('url', options)
  const problem = guard.problem(origin)
  if (problem !== null) throw new Error(`${where}: url: ${problem}`)
  const exchange = createExchange(guard)

  return {
    name,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),

    async send(message, signal) {
      const request = write(valuesOf(message))
      const answer = await exchange(request.url, request.init, signal)
      return answer.kind === 'silence'
        ? unavailable(answer.detail, answer.mayHaveBeenSent)
        : readAnswer(answer, { ...options, id }, message.idempotencyKey)
    },

    receipts(request) {
      if (!key || !verifyWebhook(key, request, now())) return null
      return readReceipts(request.body, now())
    },
  }
}

function bodyWriter(
  body: string | Record<string, unknown>,
  contentType: string,
): (values: Values) => string {
  if (typeof body === 'string') {
    const encode = encodeFor(contentType)
    return (values) => fill(body, values, encode)
  }
  return contentType.startsWith('application/x-www-form-urlencoded')
    ? (values) => new URLSearchParams(fillJson(body, values) as Record<string, string>).toString()
    : (values) => JSON.stringify(fillJson(body, values))
}

function valuesOf(message: OutgoingMessage): Values {
  const { to, body, idempotencyKey, receiptUrl = '' } = message
  return { to, body: wellFormed(body), idempotencyKey, receiptUrl }
}

/**
 * Writes two requests with awkward values, so that a broken template fails at start and not at the first person.
 * @returns scheme and host of all of them
 */
function rehearse(
  where: string,
  templates: { url: string; headers: Record<string, string>; body: unknown },
  write: (values: Values) => {
    url: string
    init: { headers: Record<string, string>; body?: string }
  },
): string {
  const unknown = unknownPlaceholders(JSON.stringify(templates))
  if (unknown.length > 0) {
    throw new Error(
      `${where}: there is no placeholder ${unknown.join(', ')}. Known: {${PLACEHOLDERS.join('}, {')}}`,
    )
  }
  const hosts = ['a', '"\\\r\n&<'].map((value) => {
    const { url, init } = write({
      to: value,
      body: value,
      idempotencyKey: value,
      receiptUrl: value,
    })
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new Error(`${where}: url is not an http or https URL: ${templates.url}`)
    }
    try {
      new Headers(init.headers)
    } catch (cause) {
      throw new Error(`${where}: a header has a name or value that HTTP does not allow`, { cause })
    }
    if (init.body !== undefined && /[/+]json\b/.test(init.headers['content-type'] ?? '')) {
      try {
        JSON.parse(init.body)
      } catch (cause) {
        throw new Error(
          `${where}: body is not JSON once it is filled in. Put placeholders inside quotes: {"to": "{to}"}`,
          { cause },
        )
      }
    }
    return new URL(url).origin
  })
  const [origin = '', other] = hosts
  if (origin !== other) {
    throw new Error(`${where}: scheme and host of the url must be fixed, not placeholders`)
  }
  return origin
}
