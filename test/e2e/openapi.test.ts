import SwaggerParser from '@apidevtools/swagger-parser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Harness, startHarness } from './harness.js'
import { operationFor } from './twilio-client.js'

interface Operation {
  operationId?: string
  summary?: string
  tags?: string[]
  responses: Record<string, unknown>
}
interface Document {
  openapi: string
  info: { title: string }
  paths: Record<string, Record<string, Operation>>
}

/** The document itself. */
const HIDDEN = /openapi\.json/

let gateway: Harness
let document: Document
beforeAll(async () => {
  gateway = await startHarness()
  document = (await gateway.call('GET', '/openapi.json', undefined, { authorization: '' })).body
})
afterAll(() => gateway.close())

/** Routes out of the router's own tree, as `GET /v1/verifications/{}`. */
function routes(): string[] {
  const above: string[] = []
  return gateway.app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const found = /^(.*?)[├└]── (\S+) \((.*)\)$/.exec(line)
      if (!found) return []
      const [, indent = '', segment = '', methods = ''] = found
      const depth = indent.length / 4
      above.length = depth
      above.push(segment.replace(/:[^/|]+(\|:[^/|]+)*/g, '{}'))
      // HEAD is its GET
      const own = methods.split(', ').filter((method) => method !== 'HEAD')
      return own.map((method) => `${method} ${above.join('')}`)
    })
    .filter((route) => !HIDDEN.test(route))
}

test('is a valid OpenAPI 3.1 document', async () => {
  expect(document.openapi).toBe('3.1.0')
  const parsed = await SwaggerParser.validate(structuredClone(document) as never)
  expect(parsed.info.title).toBe('Tollgate')
})

test('has every route there is, and no other', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((m) => `${m.toUpperCase()} ${path.replace(/\{\w+\}/g, '{}')}`),
  )
  expect(described.length).toBeGreaterThan(35)
  expect(described.sort()).toEqual(routes().sort())
})

test('says of each route what it does and how it fails', () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, { summary, tags, responses }] of Object.entries(methods)) {
      const route = `${method} ${path}`
      expect(summary, route).toBeTruthy()
      expect(tags, route).toHaveLength(1)
      expect(
        Object.keys(responses).some((status) => status.startsWith('2')),
        route,
      ).toBe(true)
      expect(responses, route).toHaveProperty('4XX')
    }
  }
})

/** Names of methods in clients that people have generated: what is here stays. Where there is a desk, getDecision too. */
const OPERATIONS = `
  getGateway getHealth getReadiness getMetrics
  startVerification solveChallenge checkVerification resendVerification cancelVerification getVerification
  createDecision reportOutcomes receiveReceipts
  createKey listKeys revokeKey listPolicies getPolicy getListEntries putListEntry removeListEntry
  searchRequests listActions listIncidents exportPersonalData erasePersonalData
  CreateService ListService FetchService UpdateService DeleteService
  CreateVerification FetchVerification UpdateVerification CreateVerificationCheck
  ListVerificationAttempt FetchVerificationAttempt FetchVerificationAttemptsSummary
  CreateSafelist FetchSafelist DeleteSafelist FetchPhoneNumber`

test('names each operation once, and as ever; those of Twilio’s API as Twilio does', () => {
  const named = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({ method, path, operationId })),
  )
  expect(named.map(({ operationId }) => operationId).sort()).toEqual(
    OPERATIONS.trim().split(/\s+/).sort(),
  )
  for (const { method, path, operationId } of named.filter(({ path }) => path.startsWith('/v2/')))
    expect(operationFor(method, path).operation.operationId, path).toBe(operationId)
})
