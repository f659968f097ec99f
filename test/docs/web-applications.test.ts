import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { solvePow } from '../../src/challenge/solve.js'
import { buildPackage } from '../e2e/built-package.js'
import { type Harness, startHarness } from '../e2e/harness.js'
import { openBrowser, skipped } from '../fakes/chromium.js'
import { PAGES, samplesOf } from './pages.js'

const page = PAGES.find(({ path }) => path === 'docs/web-applications.md')
if (page === undefined) throw new Error('there is no docs/web-applications.md')
const of = (language: string) =>
  samplesOf(page)
    .filter((sample) => sample.language === language)
    .map(({ text }) => text)
const [inProcess = '', overHttp = '', express = '', fastify = ''] = of('ts')
const [browserModule = ''] = of('js')

const directory = mkdtempSync(join(tmpdir(), 'tollgate-web-'))
beforeAll(() => {
  buildPackage(directory)
  writeFileSync(
    join(directory, 'policy.yaml'),
    'version: 1\nmode: enforce\nservices: { signup: { markets: [NG] } }\n',
  )
}, 60_000)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

let child: ChildProcess | null = null
let gateway: Harness | null = null
afterEach(async () => {
  child?.kill()
  if (child?.exitCode === null && child.signalCode === null) await once(child, 'exit')
  child = null
  await gateway?.close()
  gateway = null
})

/** A sample and its `codes.ts` in a process of their own. @returns what `POST /api/code` answers */
async function serve(sample: string, codes: string, env: Record<string, string> = {}) {
  // the port that it got, for the test alone
  const told = sample
    .replace(/app\.listen\(Number.*\)$/m, 'app.listen(0, function () { say(this.address().port) })')
    .replace(
      /await app\.listen\(.*\)$/m,
      'await app.listen({ port: 0 })\nsay(app.server.address().port)',
    )
  for (const [name, text] of Object.entries({ codes, server: told })) {
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    })
    const say = "const say = (port) => console.log('port', port)\n"
    writeFileSync(join(directory, `${name}.js`), name === 'server' ? say + outputText : outputText)
  }
  child = spawn(process.execPath, [join(directory, 'server.js')], {
    cwd: directory,
    env: { PATH: process.env.PATH, ...env },
  })
  let out = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      out += String(chunk)
    })
  const ended = once(child, 'exit').then(() => {
    throw new Error(out)
  })
  while (!/port \d+/.test(out)) await Promise.race([once(child.stdout ?? child, 'data'), ended])
  ended.catch(() => undefined)
  const url = `http://127.0.0.1:${/port (\d+)/.exec(out)?.[1]}`
  const post = async (body: object) => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '105.112.3.4' }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    return (await (await fetch(`${url}/api/code`, init)).json()) as Told
  }
  return { url, post, printed: () => out }
}
interface Told {
  status: string
  id: string
  challenge: never
}

/** Two numbers of a range that fit its credit, and one that does not. */
const NUMBERS = ['+2348061234561', '+2348061234562', '+2348061234563']

test('Express with the gate in its process: codes, a challenge, a wrong and a right code', async () => {
  const { post, printed } = await serve(express, inProcess)
  const answers = []
  for (const to of NUMBERS) answers.push(await post({ to }))
  expect(answers.map(({ status }) => status)).toEqual(['sent', 'sent', 'challenge_required'])
  const [first, , last] = answers
  expect(first).not.toHaveProperty('decision')
  const solution = await solvePow(last?.challenge ?? ({} as never))
  expect(await post({ id: last?.id, solution })).toMatchObject({ status: 'sent' })
  const code = /code is (\d+)/.exec(printed())?.[1] ?? ''
  const wrong = code === '000000' ? '111111' : '000000'
  expect(await post({ id: first?.id, code: wrong })).toEqual({ status: 'wrong_code' })
  expect(await post({ id: first?.id, code })).toEqual({ status: 'verified' })
  expect(printed()).toContain(`verified ${NUMBERS[0]}`)
  expect(await post({ id: first?.id, code })).toEqual({ status: 'failed', why: 'already_verified' })
  expect(await post({ to: { not: 'a number' } })).toMatchObject({ status: 'denied' })
})

test('Fastify with a gateway beside it: the same', async () => {
  gateway = await startHarness()
  const { id, secret } = gateway.key
  const env = { TOLLGATE_URL: gateway.url, TOLLGATE_KEY: `${id}:${secret}` }
  const { post, printed } = await serve(fastify, overHttp, env)
  const answers = []
  for (const to of NUMBERS) answers.push(await post({ to }))
  expect(answers.map(({ status }) => status)).toEqual(['sent', 'sent', 'challenge_required'])
  const [first, , last] = answers
  const solution = await solvePow(last?.challenge ?? ({} as never))
  expect(await post({ id: last?.id, solution })).toMatchObject({ status: 'sent' })
  const code = gateway.code(0)
  const wrong = code === '000000' ? '111111' : '000000'
  expect(await post({ id: first?.id, code: wrong })).toEqual({ status: 'wrong_code' })
  expect(await post({ id: first?.id, code })).toEqual({ status: 'verified' })
  expect(printed()).toContain(`verified ${NUMBERS[0]}`)
  expect(await post({ id: first?.id, code })).toEqual({ status: 'failed', why: 'already_verified' })
  const { body } = await gateway.call('GET', '/v1/admin/requests')
  expect(body.requests.map(({ ip }: { ip: string }) => ip)).toEqual(Array(4).fill('105.112.3.4'))
})

test.skipIf(skipped)(
  'a page solves the challenge with the widget',
  async () => {
    gateway = await startHarness()
    const { id, secret } = gateway.key
    const env = { TOLLGATE_URL: gateway.url, TOLLGATE_KEY: `${id}:${secret}` }
    const { post, url } = await serve(fastify, overHttp, env)
    for (const to of NUMBERS.slice(0, 2)) await post({ to })
    const widget = readFileSync(createRequire(import.meta.url).resolve('altcha'), 'utf8')
    const browser = await openBrowser()
    try {
      const tab = await browser.newPage()
      await tab.route(`${url}/*.js`, (route) =>
        route.fulfill({
          contentType: 'text/javascript',
          body: route.request().url().endsWith('/altcha.js') ? widget : browserModule,
        }),
      )
      await tab.route(`${url}/`, (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: `<!doctype html><script type="importmap">{"imports":{"altcha":"/altcha.js"}}</script>`,
        }),
      )
      await tab.goto(url)
      const told = await tab.evaluate(
        `import('/page.js').then(({ requestCode }) => requestCode('${NUMBERS[2]}'))`,
      )
      expect(told).toMatchObject({ status: 'sent' })
    } finally {
      await browser.close()
    }
    expect(gateway.messages().map(({ to }) => to)).toEqual(NUMBERS)
  },
  120_000,
)
