import type { lookup as systemLookup } from 'node:dns'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Endpoint, startEndpoint } from '../../../test/fakes/http-endpoint.js'
import { isPublicAddress } from '../../outward/public-address.js'
import { createPost, sinkGuard } from './post.js'

const message = { headers: { 'content-type': 'application/json' }, body: '{}' }
const { signal } = new AbortController()
const { problem } = sinkGuard({ allowPrivate: false })
let endpoint: Endpoint

beforeEach(async () => {
  endpoint = await startEndpoint()
})
afterEach(() => endpoint.close())

/** A name server's answer, whatever the name. */
const answering = (...addresses: string[]) =>
  ((_name: string, _options: unknown, done: (error: null, all: unknown) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as typeof systemLookup

describe('a post to a sink', () => {
  it.each([
    'https://127.0.0.1/x',
    'https://127.1/x',
    'https://0x7f000001/x',
    'https://2130706433/x',
    'https://10.0.0.8/x',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://[64:ff9b::7f00:1]/x',
    'https://[fd00::1]/x',
    'https://0.0.0.0/x',
  ])('refuses %s', async (url) => {
    expect(problem(url)).toContain('private network')
    await expect(createPost({ allowPrivate: false, signal })(url, message)).rejects.toThrow(
      'private network',
    )
  })

  it.each(['http://example.com/x', 'ftp://example.com', 'file:///etc/passwd', 'no url', ''])(
    'refuses %s',
    (url) => {
      expect(problem(url)).toContain('https://')
    },
  )

  it('refuses a user in the URL', () => {
    expect(sinkGuard({ allowPrivate: true }).problem('https://a:b@example.com/')).toContain('user')
  })

  it('refuses a name that leads to the machine itself, whoever answers for it', async () => {
    const { port } = new URL(endpoint.url)
    const post = createPost({ allowPrivate: false, signal })
    await expect(post(`https://localhost:${port}/x`, message)).rejects.toThrow('private network')
    const rebound = createPost({
      ...{ allowPrivate: false, signal },
      lookup: answering('127.0.0.1', '10.1.2.3', '::1'),
    })
    await expect(rebound(`https://hooks.example.com:${port}/x`, message)).rejects.toThrow(
      'private network',
    )
    expect(endpoint.requests).toHaveLength(0)
  })

  it('connects to nothing private when a name has addresses of both kinds', async () => {
    let knocked = 0
    const server = createServer((socket) => {
      knocked += 1
      socket.destroy()
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const post = createPost({
      ...{ allowPrivate: false, signal, timeoutMs: 50 },
      lookup: answering('127.0.0.1', '192.88.98.1'),
    })
    await expect(post(`https://mixed.example:${port}/`, message)).rejects.toThrow()
    expect(knocked).toBe(0)
    server.close()
  })

  it('follows no redirect', async () => {
    endpoint.answers({ status: 302, headers: { location: `${endpoint.url}/elsewhere` } })
    const post = createPost({ allowPrivate: true, signal })
    await expect(post(endpoint.url, message)).rejects.toThrow('redirect')
    expect(endpoint.requests.map(({ url }) => url)).toEqual(['/'])
  })

  it('posts into a private network where the deployment allows it, and reads a bounded answer', async () => {
    endpoint.answers({ status: 418, body: 'x'.repeat(1_000_000) })
    const post = createPost({ allowPrivate: true, signal })
    const { status, text } = await post(`${endpoint.url}/hook?a=1`, message)
    expect(status).toBe(418)
    expect(text.length).toBeLessThanOrEqual(16_384)
    expect(endpoint.last()).toMatchObject({ method: 'POST', url: '/hook?a=1', body: '{}' })
  })

  it.each([
    [{ 'retry-after': '120' }, 120_000],
    [{ 'retry-after': new Date(Date.now() - 5_000).toUTCString() }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('says how long it is to leave them alone: %j', async (headers, expected) => {
    endpoint.answers({ status: 429, headers })
    const post = createPost({ allowPrivate: true, signal })
    expect((await post(endpoint.url, message)).retryAfterMs).toBe(expected)
  })

  it('takes the status of an answer whose body trickles without end', async () => {
    endpoint.answers((response) => {
      response.writeHead(202)
      const drip = setInterval(() => response.write('.'), 5)
      response.on('close', () => clearInterval(drip))
    })
    const post = createPost({ allowPrivate: true, signal, timeoutMs: 50 })
    expect(await post(endpoint.url, message)).toMatchObject({ status: 202 })
  })

  it('says that a receiver hung up', async () => {
    endpoint.answers((response) => response.destroy())
    const post = createPost({ allowPrivate: true, signal })
    await expect(post(endpoint.url, message)).rejects.toThrow('socket hang up')
  })

  it('waits for nobody for long', async () => {
    endpoint.answers(() => undefined)
    const post = createPost({ allowPrivate: true, signal, timeoutMs: 30 })
    await expect(post(endpoint.url, message)).rejects.toThrow('no answer within')
  })
})

it.each(['1.1.1.1', '93.184.216.34', '2606:4700::1111'])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})
it.each(['', 'example.com', '192.168.1.1', '::', '::1', '100.64.0.1', 'fe80::1%eth0', '224.0.0.1'])(
  '%s is not',
  (address) => {
    expect(isPublicAddress(address)).toBe(false)
  },
)
