import { STATUS_CODES } from 'node:http'
import { type ErrorCode, errorEntry } from './errors.js'

/** What of an OpenAPI document is changed here. */
export interface Described {
  paths?: Record<string, Record<string, Operation>>
  components?: { examples?: Record<string, object> }
}
interface Operation {
  parameters?: object[]
  requestBody?: {
    required?: boolean
    content?: Record<string, { schema?: { type?: string | string[] } }>
  }
  responses?: Record<string, Answer>
  security?: object[]
  'x-refuses'?: readonly ErrorCode[]
}
interface Answer {
  description?: string
  headers?: object
  content?: Record<string, object>
}

const SAYS: Record<string, string> = {
  200: 'Done',
  201: 'Made',
  204: 'Done; there is no body',
  503: 'Not able to serve',
}
const REFUSED = 'Refused: `code` says why, and docs/errors.md what to do'
const UNABLE = 'The gateway, a store or a provider cannot'

/** How an API writes a refusal. */
interface Style {
  type: string
  schema: string
  status(code: ErrorCode): number
  /** what every route with a body refuses of it, beside its fields */
  body: readonly ErrorCode[]
  example(code: ErrorCode): object
}

const NATIVE: Style = {
  type: 'application/problem+json',
  schema: 'Problem',
  status: (code) => errorEntry(code).status,
  body: ['malformed_json', 'invalid_utf8', 'unsupported_media_type', 'body_too_large'],
  example(code) {
    const { title, status, mend } = errorEntry(code)
    const type = `urn:tollgate:error:${code}`
    return { type, title, status, detail: mend, code, instance: 'urn:tollgate:request:5f0c2a91-7' }
  },
}
const TWILIO: Style = {
  type: 'application/json',
  schema: 'TwilioError',
  status(code) {
    const { status, twilioStatus = status } = errorEntry(code)
    return twilioStatus
  },
  body: ['malformed_form', 'invalid_utf8', 'unsupported_media_type', 'body_too_large'],
  example(code) {
    const { title, twilio, mend } = errorEntry(code)
    return {
      code: twilio,
      message: title,
      more_info: `https://www.twilio.com/docs/errors/${twilio}`,
      status: TWILIO.status(code),
      details: { code, detail: mend },
    }
  },
}

const refused = (style: Style, description: string, examples?: object): Answer => ({
  description,
  headers: {
    'Retry-After': { schema: { type: 'integer' }, description: 'seconds, where waiting helps' },
  },
  content: {
    [style.type]: {
      schema: { $ref: `#/components/schemas/${style.schema}` },
      ...(examples && { examples }),
    },
  },
})

/** Whatever an operation may refuse with: what is its own, and what comes of its key, its fields and its body. */
function refusalsOf(operation: Operation, style: Style): ErrorCode[] {
  const { 'x-refuses': own = [], security, parameters, requestBody } = operation
  return [
    ...own,
    ...(parameters || requestBody ? (['validation'] as const) : []),
    ...(requestBody ? style.body : []),
    ...(security?.length === 0
      ? []
      : ([
          'unauthenticated',
          'forbidden',
          'rate_limited',
          'ledger_unavailable',
          'stores_slow',
        ] as const)),
    'malformed_request',
    'overloaded',
    'internal',
  ]
}

/** An answer for each status that an operation refuses with, which names the codes and has an example of each. */
function refusals(operation: Operation, style: Style, examples: Record<string, object>) {
  const codes = [...new Set(refusalsOf(operation, style))]
  const answers: Record<string, Answer> = {}
  for (const status of new Set(codes.map(style.status))) {
    const own = codes.filter((code) => style.status(code) === status)
    const says = own.map((code) => `\`${code}\`: ${errorEntry(code).title}`).join('. ')
    const shown = own.map((code) => {
      const name = style === TWILIO ? `twilio.${code}` : code
      examples[name] ??= { summary: errorEntry(code).title, value: style.example(code) }
      return [code, { $ref: `#/components/examples/${name}` }]
    })
    answers[status] = refused(style, `${STATUS_CODES[status]}. ${says}`, Object.fromEntries(shown))
  }
  return answers
}

/** What the schemas of routes cannot say: how refusals are written, and that a body may be left out. */
export function describeAnswers<Document extends Described>(document: Document): Document {
  const examples: Record<string, object> = {}
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    const style = path.startsWith('/v2/') ? TWILIO : NATIVE
    for (const operation of Object.values(methods)) {
      const { requestBody, responses = {} } = operation
      for (const { schema } of Object.values(requestBody?.content ?? {}))
        if (requestBody && schema?.type?.includes('null')) requestBody.required = false
      for (const [status, answer] of Object.entries(responses))
        answer.description = SAYS[status] ?? answer.description ?? status
      if (/^\/(v[0-9]+\/|metrics$)/.test(path))
        Object.assign(responses, refusals(operation, style, examples), {
          '5XX': refused(style, UNABLE),
        })
      responses['4XX'] = refused(style, REFUSED)
      delete operation['x-refuses']
    }
  }
  document.components = { ...document.components, examples }
  return document
}
