import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/cli/config.js'
import { type Gateway, startGateway } from '../../src/cli/gateway.js'
import { type Endpoint, startEndpoint } from '../fakes/http-endpoint.js'
import { type CollectedSpan, type Collector, startCollector, treeOf } from './collector.js'

const KEY = `Basic ${Buffer.from('app:a-secret-of-the-test').toString('base64')}`
const NUMBER = '+2348031234567'
const ADDRESS = '105.112.3.4'
const CALLER = '4bf92f3577b34da6a3ce929d0e0e4736'
const FAILING = 'cd'.repeat(16)
const CALLING_SPAN = '00f067aa0ba902b7'

let collector: Collector
let provider: Endpoint
let gateway: Gateway
let folder: string
let code = ''

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${gateway.greeting.url}${path}`, {
    method: 'POST',
    headers: { authorization: KEY, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const nameOf = ({ name }: CollectedSpan) => name
const traceOf = (traceId: string) => collector.spans().filter((s) => s.traceId === traceId)
const named = (name: string) => collector.spans().find((s) => s.name === name)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-tracing-'))
  collector = await startCollector()
  provider = await startEndpoint()
  provider.answers({ status: 200, body: { id: 'message-1' } })
  const env = {
    TOLLGATE_DATA: folder,
    TOLLGATE_PORT: '0',
    TOLLGATE_LOG_LEVEL: 'silent',
    TOLLGATE_BOOTSTRAP_KEY: 'app:a-secret-of-the-test',
    TOLLGATE_SEND: `[{ name: primary, type: http, url: "${provider.url}/sms", allowPrivate: true }]`,
    TOLLGATE_TRACING_HEADERS: '{ authorization: { env: OTLP_KEY } }',
    OTLP_KEY: 'Bearer of-the-collector',
    TOLLGATE_TRACING_ALLOW_PRIVATE: 'true',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint.url,
    OTEL_SERVICE_NAME: 'codes',
  }
  const config = loadConfig({}, { env, cwd: folder, warn: () => undefined })
  gateway = await startGateway({ config, env, clock: Date.now, write: () => undefined })

  const asked = {
    service: 'signup',
    to: NUMBER,
    context: { ip: ADDRESS, deviceId: 'device-7', userAgent: 'agent-7' },
  }
  const started = await post('/v1/verifications', asked, {
    traceparent: `00-${CALLER}-${CALLING_SPAN}-01`,
    baggage: 'customer=secret',
  })
  expect(started.status).toBe(201)
  code = /\d{6}/.exec((JSON.parse(provider.last().body) as { body: string }).body)?.[0] ?? ''
  await post(`/v1/verifications/${started.body.id}/check`, { code })
  await post(`/v1/verifications/ver_${'0'.repeat(32)}/check`, { code })
  provider.answers({ status: 503, body: {} })
  await post(
    '/v1/verifications',
    { ...asked, to: '+2348031234588' },
    { traceparent: `00-${FAILING}-${CALLING_SPAN}-01` },
  )
  provider.answers({ status: 200, body: { id: 'message-2' } })
  await post(
    '/v1/verifications',
    { ...asked, to: '+2348031234599' },
    { traceparent: `00-${'ab'.repeat(16)}-${CALLING_SPAN}-00` },
  )
  await fetch(`${gateway.greeting.url}/readyz`)
  await fetch(`${gateway.greeting.url}/metrics`)
  // delivers what is still in the batch
  await gateway.close()
})

afterAll(async () => {
  await provider?.close()
  await collector?.endpoint.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the trace of a verification', () => {
  it('goes from the request to the provider', () => {
    expect(treeOf(traceOf(CALLER))).toEqual([
      'POST /v1/verifications',
      '  gate.start',
      '    facts.number',
      '    facts.source',
      '    lines.gather',
      '    decide',
      '    lines.charge',
      '    ledger.commit',
      '    send',
      '      provider primary',
      '    ledger.updateSend',
    ])
  })

  it('is part of the caller’s, and the provider’s request is part of it', () => {
    const trace = traceOf(CALLER)
    const server = trace.find(({ kind }) => kind === 2)
    expect(server).toMatchObject({
      parent: CALLING_SPAN,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/verifications',
        'http.response.status_code': 201,
      },
    })
    const client = trace.find(({ kind }) => kind === 3)
    const [sent] = provider.requests
    expect(sent?.headers.traceparent).toBe(`00-${CALLER}-${client?.id}-01`)
    expect(sent?.headers.baggage).toBeUndefined()
  })

  it('says what was decided and who took the message', () => {
    expect(named('gate.start')?.attributes).toMatchObject({
      'tollgate.service': 'signup',
      'tollgate.verdict': 'allow',
      'tollgate.verification.status': 'sent',
      'tollgate.verification.id': expect.stringMatching(/^ver_/),
      'tollgate.decision.id': expect.stringMatching(/^dec_/),
    })
    expect(named('lines.charge')?.attributes).toEqual({ 'tollgate.charged': true })
    expect(named('provider primary')?.attributes).toEqual({
      'tollgate.provider': 'primary',
      'tollgate.send.result': 'accepted',
    })
  })
})

describe('other requests', () => {
  it('a check has the settlement in its trace', () => {
    const check = named('gate.check')
    expect(check?.attributes).toMatchObject({ 'tollgate.check': 'verified' })
    const names = traceOf(check?.traceId ?? '').map(nameOf)
    expect(names).toContain('POST /v1/verifications/:id/check')
    expect(names).toContain('ledger.updateVerification')
    expect(names).toContain('ledger.settle')
    expect(names).toContain('lines.settle')
  })

  it('a refusal has its code', () => {
    const refused = collector
      .spans()
      .find(({ attributes }) => attributes['http.response.status_code'] === 404)
    expect(refused?.attributes['tollgate.error']).toBe('verification_not_found')
    expect(refused?.failed).toBe(false)
  })

  it('a message that no provider took is a failure of the provider’s span and of the message’s', () => {
    const failed = traceOf(FAILING).filter((span) => span.failed)
    expect(failed.map(({ name, attributes }) => [name, attributes['error.type']]).sort()).toEqual([
      ['POST /v1/verifications', 'provider_unavailable'],
      ['provider primary', 'unavailable'],
      ['send', 'unavailable'],
    ])
  })

  it('what the caller does not record is not recorded, and handed on as such', () => {
    expect(traceOf('ab'.repeat(16))).toEqual([])
    expect(provider.last().headers.traceparent).toMatch(new RegExp(`^00-${'ab'.repeat(16)}-.*-00$`))
  })

  it('health and metrics are not traced, nor what runs beside requests', () => {
    const roots = collector
      .spans()
      .filter(({ parent }) => parent === null || parent === CALLING_SPAN)
    expect(new Set(roots.map(nameOf))).toEqual(
      new Set(['POST /v1/verifications', 'POST /v1/verifications/:id/check']),
    )
  })
})

describe('what leaves', () => {
  it('names the gateway', () => {
    expect(collector.resource()).toMatchObject({
      'service.name': 'codes',
      'service.version': expect.any(String),
      'service.instance.id': expect.any(String),
    })
    expect(collector.endpoint.requests[0]?.headers.authorization).toBe('Bearer of-the-collector')
  })

  it('has no number, code, address, device or secret in it', () => {
    expect(code).toMatch(/^\d{6}$/)
    const text = collector.text()
    expect(text.length).toBeGreaterThan(1_000)
    const attributes = collector
      .spans()
      .flatMap((span) => [span.name, ...Object.values(span.attributes).map(String)])
      .join('\n')
    expect(attributes).not.toContain(code)
    for (const secret of [
      NUMBER,
      NUMBER.slice(1, 10),
      ADDRESS,
      'device-7',
      'agent-7',
      'a-secret-of-the-test',
      'customer=secret',
    ])
      expect(text).not.toContain(secret)
  })
})
