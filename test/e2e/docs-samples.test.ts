import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { buildPackage } from './built-package.js'
import { type Harness, RECEIPT_SECRET, startHarness } from './harness.js'

const ROOT = resolve(import.meta.dirname, '../..')
const directory = mkdtempSync(join(tmpdir(), 'tollgate-samples-'))
let gateway: Harness | null = null
let child: ChildProcess | null = null

beforeAll(() => buildPackage(directory), 60_000)
afterEach(async () => {
  child?.kill()
  child = null
  await gateway?.close()
  gateway = null
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** The JavaScript of a page of docs, as it stands there. */
const samples = (page: string): string[] =>
  [...readFileSync(join(ROOT, 'docs', page), 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map(
    ([, code = '']) => code,
  )

function written(code: string): string {
  const file = join(directory, 'sample.mjs')
  writeFileSync(file, code)
  return file
}
const run = (code: string, env: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, [written(code)], {
    cwd: directory,
    env: { PATH: process.env.PATH, ...env },
  })

test('docs/library.md: a whole verification', async () => {
  const { stdout } = await run(samples('library.md').join('\n'))
  expect(stdout).toMatch(/Your signup code is \d{6}/)
  expect(stdout).toContain('sent allow null')
})

test('docs/twilio-migration.md: the SDK asks, checks and gets through a challenge', async () => {
  gateway = await startHarness()
  const [client = '', use = '', challenged = ''] = samples('twilio-migration.md')
  const each = "for (const to of ['+2348061234561', '+2348061234562', '+2348061234563']) {"
  const code = [
    "import { solvePow as solvedInTheBrowser } from 'tollgate'",
    "const request = { ip: '105.112.3.4' }",
    client.replace('http://127.0.0.1:7700', gateway.url),
    use,
    each,
    challenged,
    '}',
  ]
  await run(code.join('\n'), {
    TOLLGATE_KEY_ID: gateway.key.id,
    TOLLGATE_KEY_SECRET: gateway.key.secret,
  })
  expect(gateway.messages().map(({ to }) => to)).toEqual([
    '+2348031234567',
    '+2348061234561',
    '+2348061234562',
    '+2348061234563',
  ])
})

test('docs/senders.md: a receipt is signed so that the gateway takes it', async () => {
  gateway = await startHarness({ clock: Date.now })
  const { stdout } = await run(samples('senders.md').join('\n'), {
    TOLLGATE_URL: gateway.url,
    SMS_RECEIPTS: RECEIPT_SECRET,
  })
  expect(stdout).toContain('200 { received: 0 }')
})

test('docs/alerts.md: a receiver takes what is signed, once, and nothing else', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const code = samples('alerts.md').join('\n')
  // the port that it got, for the test alone
  const file = written(
    code.replace(
      /\.listen\((.*)\)/,
      ".listen(0, function () { console.log('port', this.address().port) })",
    ),
  )
  child = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, TOLLGATE_WEBHOOK_SECRET: secret },
  })
  let out = ''
  child.stdout?.on('data', (chunk) => {
    out += String(chunk)
  })
  while (!/port \d+/.test(out)) await once(child.stdout ?? child, 'data')
  const url = `http://127.0.0.1:${/port (\d+)/.exec(out)?.[1]}`
  const body = JSON.stringify({ type: 'alert.test', data: { title: 'hello' } })
  const now = new Date()
  const headers = {
    'webhook-id': 'dlv_1',
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('dlv_1', now, body),
  }
  const post = async (text: string) =>
    (await fetch(url, { method: 'POST', headers, body: text })).status
  expect([await post(body), await post(body), await post(`${body} `)]).toEqual([204, 204, 401])
  expect(out.match(/alert\.test hello/g)).toHaveLength(1)
})
