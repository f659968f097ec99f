import { execFile } from 'node:child_process'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
/** Where npm asks for holes: names and versions in, advisories by name out (https://docs.npmjs.com/cli/commands/npm-audit). */
const BULK = '/-/npm/v1/security/advisories/bulk'

let server: Server
let asked: Record<string, string[]> | null
let answer: (response: ServerResponse, request: IncomingMessage) => void
beforeEach(async () => {
  asked = null
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    if (request.url === BULK)
      asked = JSON.parse(
        String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body),
      )
    answer(response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

/** `npm run audit:dependencies` against the registry of this test. */
const audit = (...flags: string[]) =>
  new Promise<{ code: number; said: string }>((resolve) => {
    const { port } = server.address() as AddressInfo
    const registry = {
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_fetch_retries: '0',
    }
    execFile(
      process.execPath,
      ['scripts/audit.mjs', ...flags],
      { cwd: root, env: { ...process.env, ...registry } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr }),
    )
  })

test('a registry that knows of no hole: asked for every package of a release, and none of development', async () => {
  answer = (response) => json(response, 200, {})
  const { code, said } = await audit()
  expect(said).toContain('known holes: 0')
  expect(code).toBe(0)
  expect(asked?.fastify?.[0]).toMatch(/^5\./)
  expect(asked?.vitest).toBeUndefined()
}, 60_000)

test('a hole is told with its severity, and fails', async () => {
  const advisory = {
    ...{ id: 1, url: 'https://example.com/GHSA-1', title: 'a hole', severity: 'high' },
    ...{
      vulnerable_versions: '<99.0.0',
      cwe: ['CWE-400'],
      cvss: { score: 7.5, vectorString: null },
    },
  }
  answer = (response, { url }) =>
    url === BULK ? json(response, 200, { kysely: [advisory] }) : json(response, 404, {})
  const { code, said } = await audit()
  expect(said).toMatch(/known holes: [1-9]/)
  expect(said).toContain('high: kysely')
  expect(code).toBe(1)
}, 60_000)

test('a registry that does not say is said to have said nothing; strictly, that is a failure', async () => {
  answer = (response) => json(response, 405, { message: 'Method Not Allowed' })
  const { code, said } = await audit('--strict')
  expect(said).toContain('known holes: NOT CHECKED')
  expect(said).toContain('405')
  expect(code).toBe(2)
}, 60_000)
