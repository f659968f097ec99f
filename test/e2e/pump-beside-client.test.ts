import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Endpoint, startEndpoint } from '../fakes/http-endpoint.js'
import { Tollgate } from './command.js'

const SECRET = 'a-secret-of-this-test-only'
const KEY = `AC${'0'.repeat(32)}:${SECRET}`
const PUMP = resolve(import.meta.dirname, '../../examples/pumping-script.mjs')
const run = promisify(execFile)

let folder: string
let provider: Endpoint
let gateway: Tollgate
let url: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-pump-'))
  provider = await startEndpoint()
  writeFileSync(
    join(folder, 'policy.yaml'),
    'version: 1\nmode: enforce\nservices:\n  signup:\n    markets: [NG]\n',
  )
  writeFileSync(
    join(folder, 'tollgate.yaml'),
    `server: { port: 0 }\npolicy: ./policy.yaml\nsend:\n  - { name: local, type: http, url: "${provider.url}/sms", allowPrivate: true }\n`,
  )
  gateway = new Tollgate(['serve'], folder, { TOLLGATE_BOOTSTRAP_KEY: KEY })
  url = `http://127.0.0.1:${(await gateway.printed(/http:\/\/127\.0\.0\.1:(\d+)\//))[1]}`
})
afterAll(async () => {
  await gateway.kill('SIGTERM')
  await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(KEY)}` },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Record<string, unknown>
}

it('a pumping script runs dry while a real client verifies', async () => {
  const { stdout } = await run(process.execPath, [PUMP, '300'], {
    env: { ...process.env, TOLLGATE_URL: url, TOLLGATE_KEY: KEY },
  })
  const pumped = JSON.parse(stdout) as Record<string, number>
  // USD 0.22 of opening credit in a block whose messages cost USD 0.11
  expect(pumped).toMatchObject({
    requests: 300,
    sent: 2,
    challenge_required: 298,
    denied: 0,
    other: 0,
  })
  expect(provider.requests).toHaveLength(2)

  // the same operator, another block, a phone of its own
  const to = '+2348064445566'
  const started = await post('/v1/verifications', {
    service: 'signup',
    to,
    context: { ip: '105.112.99.7', deviceId: 'a phone' },
  })
  expect(started).toMatchObject({ status: 'sent' })
  const message = JSON.parse(provider.last().body) as { to: string; body: string }
  expect(message.to).toBe(to)
  const code = /\d{6}/.exec(message.body)?.[0]
  const checked = await post(`/v1/verifications/${String(started.id)}/check`, { code })
  expect(checked).toMatchObject({ verified: true })
})
