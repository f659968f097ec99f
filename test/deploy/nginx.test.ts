import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Endpoint, startEndpoint } from '../fakes/http-endpoint.js'
import { freePort } from '../fakes/redis-process.js'
import { fileOf, ROOT, tool } from './tool.js'

const nginx = tool('nginx', true)

describe.skipIf(nginx.skipped)(`nginx before two gateways${nginx.why}`, () => {
  let folder: string
  let first: Endpoint
  let second: Endpoint
  let proxy: ChildProcess
  let url: string
  let port: number

  /** The configuration as it is shipped, but for addresses and places of this machine. */
  const here = (text: string): string =>
    text
      .replaceAll('gateway1:7700', first.url.slice('http://'.length))
      .replaceAll('gateway2:7700', second.url.slice('http://'.length))
      .replaceAll('/etc/nginx/', `${folder}/`)
      .replace('listen 8080;', `listen 127.0.0.1:${port};`)

  const main = (site: string) => `
    daemon off;
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    worker_processes 1;
    pid ${folder}/nginx.pid;
    error_log stderr warn;
    events { worker_connections 256; }
    http {
      access_log off;
      client_body_temp_path ${folder}/body;
      proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi;
      scgi_temp_path ${folder}/scgi;
      include ${folder}/upstream.conf;
      include ${folder}/${site};
    }`

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tollgate-nginx-'))
    first = await startEndpoint()
    second = await startEndpoint()
    port = await freePort()
    mkdirSync(join(folder, 'tollgate'))
    mkdirSync(join(folder, 'tls'))
    cpSync(join(ROOT, 'deploy/nginx/locations.conf'), join(folder, 'tollgate', 'locations.conf'))
    for (const name of ['upstream.conf', 'compose.conf', 'tollgate.conf']) {
      const text = here(fileOf('deploy', 'nginx', name))
      writeFileSync(join(folder, name), text)
    }
    for (const site of ['compose.conf', 'tollgate.conf'])
      writeFileSync(join(folder, `main-${site}`), main(site))
    proxy = spawn('nginx', ['-p', folder, '-c', join(folder, 'main-compose.conf')], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    url = `http://127.0.0.1:${port}`
    await listening(port)
  })
  afterAll(async () => {
    // a master that is killed leaves its worker behind
    const ended = once(proxy, 'close')
    proxy.kill('SIGTERM')
    await ended
    await first?.close()
    await second?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const asked = () => [...first.requests, ...second.requests]
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { headers })

  it('takes both configurations', () => {
    const certificate = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
    execFileSync(
      'openssl',
      [
        ...[...certificate, '-nodes', '-subj', '/CN=tollgate.example.com'],
        ...['-keyout', join(folder, 'tls/tollgate.key'), '-out', join(folder, 'tls/tollgate.crt')],
      ],
      { stdio: 'ignore' },
    )
    for (const site of ['compose.conf', 'tollgate.conf'])
      nginx.run(['-t', '-q', '-p', folder, '-c', join(folder, `main-${site}`)])
  })

  it('says who asks, and forgets what he says himself', async () => {
    await get('/v1/console/hello', {
      'x-forwarded-for': '198.51.100.7',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=198.51.100.7',
      traceparent: '00-1-2-01',
    })
    const headers = asked().at(-1)?.headers
    expect(headers).toMatchObject({
      host: `127.0.0.1:${port}`,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `127.0.0.1:${port}`,
      traceparent: '00-1-2-01',
    })
    expect(headers?.forwarded).toBeUndefined()
  })

  it.each(['/metrics', '/readyz', '/healthz'])('shows %s to nobody outside', async (path) => {
    const before = asked().length
    expect((await get(path)).status).toBe(404)
    expect(asked()).toHaveLength(before)
  })

  it.each([
    ['/v1/verifications', 65_000, 200],
    ['/v1/verifications', 70_000, 413],
    ['/v1/outcomes', 900_000, 200],
    ['/v1/outcomes', 1_100_000, 413],
    ['/v1/console/lists', 3_000_000, 200],
  ])('%s with %i bytes: %i', async (path, bytes, status) => {
    const response = await fetch(`${url}${path}`, { method: 'POST', body: 'x'.repeat(bytes) })
    await response.arrayBuffer()
    expect(response.status).toBe(status)
  })

  it('hands events of the stream on one by one, while it is open', async () => {
    let say: (text: string) => void = () => undefined
    for (const gateway of [first, second])
      gateway.answers((response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        say = (text) => response.write(text)
        say('data: 1\n\n')
      })
    const stream = await get('/v1/console/live')
    const reader = stream.body?.getReader()
    const read = async () => Buffer.from((await reader?.read())?.value ?? []).toString()
    expect(await read()).toBe('data: 1\n\n')
    say('data: 2\n\n')
    expect(await read()).toBe('data: 2\n\n')
    await reader?.cancel()
    for (const gateway of [first, second]) gateway.answers({ status: 200, body: {} })
  })

  it('asks the other gateway where one is gone, and never sends a code twice', async () => {
    // an answer that is lost may have been a code that went out
    for (const gateway of [first, second]) gateway.answers((response) => response.socket?.destroy())
    const before = asked().length
    const lost = await fetch(`${url}/v1/verifications`, { method: 'POST', body: '{}' })
    expect(lost.status).toBe(502)
    expect(asked()).toHaveLength(before + 1)

    second.answers({ status: 200, body: {} })
    await first.close()
    for (let i = 0; i < 6; i++) {
      const response = await fetch(`${url}/v1/verifications`, { method: 'POST', body: '{}' })
      await response.arrayBuffer()
      expect(response.status).toBe(200)
    }
  })

  it('asks a gateway that is back at once, however many requests found none', async () => {
    const ask = async () => {
      const response = await fetch(`${url}/v1/verifications`, { method: 'POST', body: '{}' })
      await response.arrayBuffer()
      return response.status
    }
    await Promise.all([first, second].map((gateway) => gateway.close().catch(() => undefined)))
    for (let i = 0; i < 12; i++) expect(await ask()).toBe(502)
    first = await startEndpoint(Number(new URL(first.url).port))
    for (let i = 0; i < 4; i++) expect(await ask()).toBe(200)
  })
})

/** Waits until somebody listens. */
async function listening(port: number): Promise<void> {
  const until = Date.now() + 20_000
  while (Date.now() < until) {
    const socket = connect(port, '127.0.0.1')
    const met = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (met) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`nobody listens on ${port}`)
}
