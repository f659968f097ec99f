import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hello } from '../hello.js'
import type { App } from '../wiring.js'
import { findPages } from './page-files.js'
import { pages } from './pages.js'

const HTML = '<!doctype html><meta property="csp-nonce" nonce="%NONCE%"><div id="root"></div>'
const SCRIPT = 'console.log(1)'.repeat(200)
const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

let folder: string
let app: App
let nonces = 0

async function serve(publicUrl: string | undefined, built = true): Promise<void> {
  app = Fastify() as unknown as App
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store')
    done()
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 'not_found' }))
  const random = (bytes: number) => Buffer.alloc(bytes, ++nonces)
  const served = pages({ random, publicUrl, files: findPages([built ? folder : `${folder}-none`]) })
  await hello(app, '1.2.3', served)
  await app.register(served.routes)
  app.get('/v1/thing', async () => ({ thing: 1 }))
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-pages-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), HTML)
  writeFileSync(join(folder, 'assets', 'index-abc.js'), SCRIPT)
  writeFileSync(join(folder, 'assets', 'index-abc.js.gz'), gzipSync(SCRIPT))
  writeFileSync(join(folder, 'assets', 'index-abc.js.br'), brotliCompressSync(SCRIPT))
})
afterEach(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

const ask = (url: string, headers: Record<string, string> = browser) =>
  app.inject({ method: 'GET', url, headers })

describe('pages of the console', () => {
  it('a build under a running gateway has its own page: that of the one before names files that are gone', async () => {
    await serve(undefined)
    await ask('/')
    writeFileSync(join(folder, 'index.html'), HTML.replace('root', 'new'))
    expect((await ask('/')).body).toContain('id="new"')
    // between the two there is none
    rmSync(join(folder, 'index.html'))
    expect((await ask('/')).body).toContain('id="new"')
  })

  it('a browser gets the page with a nonce of its own, and nothing may run but our files', async () => {
    await serve(undefined)
    const [first, second] = [await ask('/'), await ask('/incidents/inc_1?x=1')]
    for (const { statusCode, headers, body } of [first, second]) {
      expect(statusCode).toBe(200)
      expect(headers['content-type']).toContain('text/html')
      expect(headers['cache-control']).toBe('no-store')
      const policy = String(headers['content-security-policy'])
      const nonce = /style-src 'self' 'nonce-([\w-]{22})'/.exec(policy)?.[1]
      expect(body).toContain(`nonce="${nonce}"`)
      expect(policy.split('; ')).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "connect-src 'self'",
          "frame-ancestors 'none'",
          "base-uri 'none'",
          "form-action 'self'",
        ]),
      )
      expect(policy).not.toMatch(/unsafe|http:|https:|\*/)
      expect(headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
      expect(headers['permissions-policy']).toContain('publickey-credentials-get=(self)')
      expect(headers['strict-transport-security']).toBeUndefined()
    }
    expect(first.headers['content-security-policy']).not.toBe(
      second.headers['content-security-policy'],
    )
  })

  it('a program gets what it always got at the same address', async () => {
    await serve(undefined)
    const answer = await ask('/', { accept: 'application/json' })
    expect(answer.json()).toMatchObject({ name: 'tollgate', version: '1.2.3', api: '/v1' })
    expect(answer.headers.vary).toContain('accept')
    expect((await ask('/v1/thing')).json()).toEqual({ thing: 1 })
  })

  it.each(['/v1/nothing', '/v2/nothing', '/v1', '/assets/none.js', '/metrics/x', '/readyz/x'])(
    '%s is no page, even to a browser',
    async (url) => {
      await serve(undefined)
      expect((await ask(url)).statusCode).toBe(404)
    },
  )

  it('a script is not answered with a page', async () => {
    await serve(undefined)
    expect((await ask('/incidents', { accept: '*/*' })).statusCode).toBe(404)
    expect(
      (await app.inject({ method: 'POST', url: '/incidents', headers: browser })).statusCode,
    ).toBe(404)
  })

  it('files with their hash in their name are kept for ever, compressed as they lie there', async () => {
    await serve(undefined)
    const url = '/assets/index-abc.js'
    const plain = await ask(url, {})
    expect(plain.body).toBe(SCRIPT)
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(plain.headers['content-type']).toContain('javascript')
    for (const [accepted, encoding] of [
      ['gzip', 'gzip'],
      ['br, gzip', 'br'],
    ] as const) {
      const { headers } = await ask(url, { 'accept-encoding': accepted })
      expect(headers['content-encoding']).toBe(encoding)
      expect(headers['content-type']).toContain('javascript')
    }
    for (const path of ['/assets/../index.html', '/assets/%2e%2e/index.html', '/assets/'])
      expect([403, 404], path).toContain((await ask(path, {})).statusCode)
  })

  it('TLS is asked for only where people come by it', async () => {
    await serve('https://gate.example')
    expect((await ask('/')).headers['strict-transport-security']).toContain('max-age=31536000')
  })

  it('without a build it says how to make one', async () => {
    await serve(undefined, false)
    const answer = await ask('/')
    expect(answer.statusCode).toBe(503)
    expect(answer.body).toContain('npm run build')
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
  })
})
