import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChallengeSubject } from '../../src/challenge/port.js'
import { createPow } from '../../src/challenge/pow.js'
import { openBrowser, skipped, why } from '../fakes/chromium.js'

const widget = readFileSync(createRequire(import.meta.url).resolve('altcha'), 'utf8')

const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script src="/altcha.js"></script>
<form><altcha-widget challenge="/challenge" auto="onload"></altcha-widget></form>
<output></output>
<script>
  document.querySelector('altcha-widget').addEventListener('statechange', async (event) => {
    if (event.detail.state !== 'verified') return
    const solution = event.detail.payload
    const post = async () => {
      const response = await fetch('/solve', { method: 'POST', body: solution })
      return response.text()
    }
    document.querySelector('output').textContent = JSON.stringify([await post(), await post()])
  })
</script>`

async function read(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}

describe.skipIf(skipped)(`the altcha widget in a browser${why}`, () => {
  const pow = createPow({ secret: Buffer.alloc(32, 7) })
  const subject: ChallengeSubject = {
    service: 'signup',
    number: '+2348031234567',
    verificationId: 'v1',
  }
  const used = new Set<string>()
  const posted: string[] = []
  const server = createServer(async (request, response) => {
    if (request.url === '/altcha.js') {
      response.setHeader('content-type', 'text/javascript').end(widget)
    } else if (request.url === '/challenge') {
      const { payload } = await pow.issue(subject, { cost: 0.3, ttlMs: 60_000, now: Date.now() })
      response.setHeader('content-type', 'application/json').end(JSON.stringify(payload))
    } else if (request.url === '/solve') {
      const solution = await read(request)
      posted.push(solution)
      const answer = await pow.verify(subject, solution, Date.now())
      if (!answer.ok) return void response.end(answer.problem)
      response.end(used.has(answer.id) ? 'used' : 'ok')
      used.add(answer.id)
    } else {
      response.setHeader('content-type', 'text/html').end(page)
    }
  })
  let browser: Browser
  let origin: string

  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await openBrowser()
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    server.closeAllConnections()
    server.close()
  })

  it('solves our challenge, once, and asks nobody but us', async () => {
    const tab = await browser.newPage()
    const requested: string[] = []
    const faults: string[] = []
    tab.on('request', (request) => requested.push(request.url()))
    tab.on('pageerror', (error) => faults.push(error.message))
    await tab.goto(origin)
    await tab.waitForFunction(
      () => (globalThis as unknown as Page).document.querySelector('output')?.textContent,
      undefined,
      { timeout: 60_000 },
    )
    expect(JSON.parse((await tab.textContent('output')) ?? '')).toEqual(['ok', 'used'])
    expect(faults).toEqual([])

    const elsewhere = requested.filter((url) => !url.startsWith(`${origin}/`))
    expect(elsewhere.filter((url) => !/^(blob|data):/.test(url))).toEqual([])
    expect(requested).toContain(`${origin}/challenge`)

    const [solution = ''] = posted
    const foreign = await pow.verify({ ...subject, number: '+233241234567' }, solution, Date.now())
    expect(foreign).toEqual({ ok: false, problem: 'foreign' })
    const late = await pow.verify(subject, solution, Date.now() + 60_000)
    expect(late).toEqual({ ok: false, problem: 'expired' })
  }, 90_000)
})

/** The part of a browser's globals the page function above uses; the project is compiled without the DOM. */
interface Page {
  document: { querySelector(selector: string): { textContent: string | null } | null }
}
