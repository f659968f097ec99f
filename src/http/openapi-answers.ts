/** What of an OpenAPI document is changed here. */
export interface Described {
  paths?: Record<string, Record<string, Operation>>
}
interface Operation {
  requestBody?: {
    required?: boolean
    content?: Record<string, { schema?: { type?: string | string[] } }>
  }
  responses?: Record<string, Answer>
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
  '4XX': 'Refused: `code` says why, and docs/errors.md what to do',
  '5XX': 'The gateway, a store or a provider cannot',
}

const refused = (type: string, schema: string): Answer => ({
  headers: {
    'Retry-After': { schema: { type: 'integer' }, description: 'seconds, where waiting helps' },
  },
  content: { [type]: { schema: { $ref: `#/components/schemas/${schema}` } } },
})
const NATIVE = refused('application/problem+json', 'Problem')
const TWILIO = refused('application/json', 'TwilioError')

/** What the schemas of routes cannot say: how refusals are written, and that a body may be left out. */
export function describeAnswers<Document extends Described>(document: Document): Document {
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    for (const { requestBody, responses = {} } of Object.values(methods)) {
      for (const { schema } of Object.values(requestBody?.content ?? {}))
        if (requestBody && schema?.type?.includes('null')) requestBody.required = false
      if (/^\/v[0-9]+\//.test(path)) {
        const answer = path.startsWith('/v2/') ? TWILIO : NATIVE
        for (const kind of ['4XX', '5XX']) responses[kind] = { ...answer }
      }
      for (const [status, answer] of Object.entries(responses))
        answer.description = SAYS[status] ?? answer.description ?? status
    }
  }
  return document
}
