import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCheckedYaml } from '../../src/cli/checked-yaml.js'
import { DeploymentFile } from '../../src/cli/config-schema.js'
import { parseForm } from '../../src/http/bodies.js'
import { loadPolicy } from '../../src/policy/load.js'
import { type Harness, startHarness } from '../e2e/harness.js'
import { routesUnder } from './console-route-table.js'

let gateway: Harness
beforeAll(async () => {
  gateway = await startHarness({ desk: true })
})
afterAll(() => gateway?.close())

const POISON = [
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"\\u005f\\u005fproto__":{"polluted":1}}',
]
const clean = () => expect(({} as Record<string, unknown>).polluted).toBeUndefined()
/** The poison at every place of a body. */
function everywhere(poison: string, body: object): string[] {
  const text = JSON.stringify(body)
  const inner = poison.slice(1, -1)
  const places = [...text.matchAll(/\{(?=["}])/g)].map(({ index }) => index)
  return places.map((at) => {
    const rest = text.slice(at + 1)
    return `${text.slice(0, at + 1)}${inner}${rest.startsWith('}') ? '' : ','}${rest}`
  })
}

describe('keys that reach a prototype', () => {
  test.each(POISON)(
    '%s is refused at every depth of a body, and changes nothing',
    async (poison) => {
      const body = {
        service: 'signup',
        to: '+2348031234567',
        context: { ip: '105.112.3.4' },
        tags: { a: 'b' },
      }
      const bodies = everywhere(poison, body)
      expect(bodies.length).toBe(3)
      for (const text of bodies) {
        const answer = await gateway.call('POST', '/v1/verifications', text)
        expect([text, answer.status]).toEqual([text, 400])
        clean()
      }
    },
  )

  test('are refused on every route of the app that takes JSON', async () => {
    const routes = routesUnder(gateway.app, '/v1').filter(({ method }) =>
      ['POST', 'PUT', 'PATCH'].includes(method),
    )
    expect(routes.length).toBeGreaterThan(40)
    const taken: string[] = []
    for (const { method, path } of routes) {
      const at = path.replace(/:[A-Za-z]+/g, 'x')
      const { status } = await gateway.call(method, at, POISON[0])
      if (status < 400) taken.push(`${method} ${path}: ${status}`)
      clean()
    }
    expect(taken).toEqual([])
  })

  test('are plain names in a form', () => {
    const form = parseForm('__proto__=1&constructor=2&hasOwnProperty=3')
    expect(Object.getPrototypeOf(form)).toBeNull()
    expect(Object.keys(form)).toEqual(['__proto__', 'constructor', 'hasOwnProperty'])
    clean()
  })

  test('and as values of queries and headers they name nothing', async () => {
    for (const path of [
      '/v1/admin/requests?__proto__=1',
      '/v1/admin/requests?constructor=1',
      '/v1/admin/policies/__proto__',
      '/v1/admin/lists/__proto__',
      '/v1/console/settings/constructor',
    ]) {
      const { status } = await gateway.call('GET', path)
      expect([path, status >= 400 && status < 500]).toEqual([path, true])
    }
    for (const service of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const { status } = await gateway.call('POST', '/v1/decisions', {
        service,
        to: '+2348031234567',
      })
      expect([service, status]).toEqual([service, 422])
    }
  })
})

describe('YAML that would reach a prototype, or grow', () => {
  const MERGE = `version: 1
base: &base { polluted: 1 }
services:
  signup:
    <<: *base
    __proto__: { polluted: 1 }
`
  test('a policy with merge keys and __proto__ is refused by line, and changes nothing', () => {
    for (const text of [
      MERGE,
      'version: 1\n__proto__: { polluted: 1 }\n',
      'version: 1\nservices:\n  __proto__: { mode: enforce }\n',
      'version: 1\nservices: { constructor: { prototype: { polluted: 1 } } }\n',
    ]) {
      const read = loadPolicy(text, { file: 'p.yaml' })
      expect(read.ok).toBe(false)
      clean()
    }
  })

  test('so is a deployment file', () => {
    for (const text of [
      '__proto__: { polluted: 1 }',
      '<<: { polluted: 1 }',
      'server: { __proto__: { port: 1 } }',
    ]) {
      expect(readCheckedYaml(text, 'tollgate.yaml', DeploymentFile).ok, text).toBe(false)
      clean()
    }
  })

  /** A billion laughs: nine levels of nine aliases. */
  const LAUGHS = Array.from({ length: 9 }, (_, i) =>
    i === 0
      ? 'a0: &a0 [lol]'
      : `a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`,
  ).join('\n')

  test('aliases that multiply are refused before they are written out', () => {
    const policy = loadPolicy(`version: 1\n${LAUGHS}\n`, { file: 'p.yaml' })
    expect(policy.ok).toBe(false)
    const file = readCheckedYaml(LAUGHS, 'tollgate.yaml', DeploymentFile)
    expect(file.ok).toBe(false)
    const { heapUsed } = process.memoryUsage()
    expect(heapUsed).toBeLessThan(1e9)
  })

  test('and so are they in a policy that somebody sends to be checked', async () => {
    const answer = await gateway.call('POST', '/v1/console/policy/check', {
      text: `version: 1\n${LAUGHS}\n`,
    })
    expect([200, 400, 422]).toContain(answer.status)
    expect(JSON.stringify(answer.body)).toMatch(/alias|unknown/i)
  })
})

test('nothing in src merges untrusted objects by name', () => {
  // `Object.assign({}, JSON.parse(...))` and friends would undo the above
  const source = readFileSync(new URL('../../src/http/bodies.ts', import.meta.url), 'utf8')
  expect(source).toContain("getDefaultJsonParser('error', 'error')")
})
