import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Harness, startHarness } from './harness.js'
import { subscriber } from './stage.js'

interface Media {
  schema: object
  examples?: Record<string, { $ref: string }>
}
interface Operation {
  description?: string
  security?: object[]
  parameters?: { name: string; in: string }[]
  requestBody?: { required: boolean; content: Record<string, Media> }
  responses: Record<string, { description: string; content?: Record<string, Media> }>
}
interface Document {
  paths: Record<string, Record<string, Operation>>
  components: object
}

const require = createRequire(import.meta.url)
const { default: Validator } =
  require('openapi-response-validator') as typeof import('openapi-response-validator')

let gateway: Harness
let document: Document
let sid: string
beforeAll(async () => {
  gateway = await startHarness()
  document = (await gateway.call('GET', '/openapi.json')).body
  sid = (await gateway.call('GET', '/v2/Services')).body.services[0].sid
})
afterAll(() => gateway.close())

const FORM = 'application/x-www-form-urlencoded'
const operation = (method: string, path: string): Operation => {
  const found = document.paths[path]?.[method.toLowerCase()]
  if (found === undefined) throw new Error(`${method} ${path} is not in the document`)
  return found
}

/** What the document has against an answer: its status, its content type, its fields. */
function violations(method: string, path: string, answer: Awaited<ReturnType<Harness['call']>>) {
  const { responses } = operation(method, path)
  const { status, headers, body } = answer
  const declared = responses[status] ?? responses[`${String(status)[0]}XX`]
  if (declared === undefined) return `status ${status} is not described`
  const [type = ''] = (headers.get('content-type') ?? '').split(';')
  const media = declared.content?.[type]
  if (media === undefined)
    return type === '' && declared.content === undefined ? null : `${type} is not described`
  const code = body.details?.code ?? body.code
  if (status >= 400 && !(code in (media.examples ?? {}))) return `${code} is not described`
  const validator = new Validator({
    responses: { [status]: { schema: media.schema } } as never,
    components: document.components as never,
  })
  return validator.validateResponse(String(status), body) ?? null
}

describe('answers are as the document describes them', () => {
  const ask = { service: 'signup', to: subscriber(1), context: { ip: '105.112.3.4' } }
  const none = `ver_${'0'.repeat(32)}`
  test.each<[string, string, unknown, number, Record<string, string>?]>([
    ['POST', '/v1/verifications', ask, 201],
    ['POST', '/v1/verifications', { ...ask, to: 'call me' }, 201],
    ['POST', '/v1/verifications', { ...ask, service: 'none' }, 422],
    ['POST', '/v1/verifications', '{', 400],
    ['POST', '/v1/verifications', ask, 401, { authorization: '' }],
    ['POST', '/v1/verifications', ask, 400, { 'idempotency-key': 'a b' }],
    ['GET', '/v1/verifications/{id}', undefined, 404],
    ['POST', '/v1/verifications/{id}/check', { code: '123456' }, 404],
    ['POST', '/v1/verifications/{id}/resend', undefined, 404],
    ['POST', '/v1/decisions', ask, 200],
    ['POST', '/v1/outcomes', { outcomes: [{ id: 'x', kind: 'verified' }] }, 200],
    ['GET', '/v1/admin/keys', undefined, 200],
    ['GET', '/v1/admin/requests', undefined, 200],
    ['GET', '/v1/admin/lists', undefined, 200],
    ['GET', '/v1/admin/policies', undefined, 200],
    ['GET', '/v1/admin/actions', undefined, 200],
    ['GET', '/v1/admin/incidents', undefined, 200],
    ['POST', '/v1/hooks/{provider}/receipts', '{}', 403],
    ['GET', '/v2/Services', undefined, 200],
    ['GET', '/v2/Services/{Sid}', undefined, 200],
    ['POST', '/v2/Services', 'FriendlyName=signup', 201, { 'content-type': FORM }],
    ['POST', '/v2/Services', '{}', 415],
    ['GET', '/v2/Attempts', undefined, 200],
    ['GET', '/v2/Attempts/Summary', undefined, 200],
    ['GET', '/v2/Attempts/{Sid}', undefined, 404],
    ['GET', '/v2/Services', undefined, 401, { authorization: '' }],
    [
      'POST',
      '/v2/Services/{ServiceSid}/Verifications',
      'To=%2B442079460123&Channel=sms',
      403,
      { 'content-type': FORM },
    ],
    ['GET', '/v2/PhoneNumbers/{PhoneNumber}', undefined, 200],
    ['GET', '/healthz', undefined, 200],
    ['GET', '/readyz', undefined, 200],
    ['GET', '/metrics', undefined, 200],
    ['GET', '/', undefined, 200],
  ])('%s %s %j: %i', async (method, path, body, status, headers = {}) => {
    const at = path
      .replace('{id}', none)
      .replace('{provider}', 'own')
      .replace('{PhoneNumber}', '%2B2348031234567?Fields=sms_pumping_risk,line_type_intelligence')
      .replace('/Attempts/{Sid}', `/Attempts/VL${'0'.repeat(32)}`)
      .replace(/\{(Service)?Sid\}/, sid)
    const answer = await gateway.call(method, at, body, headers)
    expect(answer.status).toBe(status)
    expect(violations(method, path, answer)).toBeNull()
  })

  test('a verification from its start to its end, and a check that has no timeline', async () => {
    const started = await gateway.call('POST', '/v1/verifications', {
      ...ask,
      to: subscriber(20_000),
    })
    const { id } = started.body
    const shown = await gateway.call('GET', `/v1/verifications/${id}`)
    expect(shown.body.timeline).toHaveLength(2)
    expect(violations('GET', '/v1/verifications/{id}', shown)).toBeNull()
    const check = await gateway.call('POST', `/v1/verifications/${id}/check`, { code: '0000' })
    expect(violations('POST', '/v1/verifications/{id}/check', check)).toBeNull()
    expect(check.body.verification).not.toHaveProperty('timeline')
    const gone = await gateway.call('DELETE', `/v1/verifications/${id}`)
    expect(violations('DELETE', '/v1/verifications/{id}', gone)).toBeNull()
    expect(gone.body).not.toHaveProperty('timeline')
  })
})

describe('the document says', () => {
  test('which routes need no key, and which scope the others need', async () => {
    const open = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security }]) => security?.length === 0)
        .map(([method]) => `${method} ${path}`),
    )
    expect(open.sort()).toEqual([
      'get /',
      'get /healthz',
      'get /metrics',
      'get /readyz',
      'post /v1/hooks/{provider}/receipts',
    ])
    const scopes: [string, string, string][] = [
      ['POST', '/v1/verifications', 'verify'],
      ['POST', '/v1/decisions', 'decide'],
      ['POST', '/v1/outcomes', 'outcomes'],
      ['GET', '/v1/admin/requests', 'admin'],
      ['GET', '/v2/Attempts', 'admin'],
      ['GET', '/v2/PhoneNumbers/{PhoneNumber}', 'decide'],
    ]
    for (const [method, path, scope] of scopes)
      expect(operation(method, path).description, path).toBe(`Scope: ${scope}`)
  })

  test('that Twilio’s API takes forms and the native one JSON', () => {
    for (const [path, methods] of Object.entries(document.paths))
      for (const { requestBody } of Object.values(methods))
        if (requestBody)
          expect(Object.keys(requestBody.content), path).toEqual([
            path.startsWith('/v2/') ? FORM : 'application/json',
          ])
  })

  test('what a repeated request needs, and that a resend needs no body', () => {
    for (const path of ['/v1/verifications', '/v1/verifications/{id}/resend'])
      expect(operation('POST', path).parameters, path).toContainEqual(
        expect.objectContaining({ name: 'idempotency-key', in: 'header' }),
      )
    expect(operation('POST', '/v1/verifications/{id}/resend').requestBody?.required).toBe(false)
    expect(operation('POST', '/v1/verifications').requestBody?.required).toBe(true)
  })

  test('what each answer means', () => {
    expect(JSON.stringify(document)).not.toContain('Default Response')
  })
})
