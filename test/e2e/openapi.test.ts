import SwaggerParser from '@apidevtools/swagger-parser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Harness, startHarness } from './harness.js'

interface Operation {
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
      if (path.startsWith('/v1/')) expect(responses, route).toHaveProperty('4XX')
    }
  }
})
