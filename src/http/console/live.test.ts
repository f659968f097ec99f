import { once } from 'node:events'
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Present } from '../../desk/access/access.js'
import { createLive, type Live } from '../../desk/live.js'
import type { Allow } from '../access.js'
import { problemSender } from '../problem.js'
import { Refusal } from '../refusal.js'
import type { App } from '../wiring.js'
import { live } from './live.js'

const NOW = 1_790_000_000_000
let app: App
let bus: Live
let admitted = true
/** while a session is looked up */
let lookedUp: ((go: () => void) => void) | null = null
const allow: Allow = () => (request, _reply, done) => {
  const user = request.headers['x-user']
  if (user !== undefined) request.present = { user: { id: user } } as unknown as Present
  const answer = (): void => done(admitted ? undefined : new Refusal('unauthenticated'))
  if (lookedUp === null) answer()
  else request.raw.once('close', () => lookedUp?.(answer))
}

async function serve(limits: Parameters<typeof live>[2] = {}): Promise<void> {
  app = Fastify({ forceCloseConnections: 'idle' }) as unknown as App
  app.setErrorHandler(problemSender(() => NOW))
  live(
    app,
    { desk: { live: bus, deployment: { version: '1.2.3' } }, clock: () => NOW, allow },
    limits,
  )
  await app.listen({ port: 0, host: '127.0.0.1' })
}

/** An open stream: its events in order, and its end. */
async function listen(query = '', headers: Record<string, string> = {}) {
  const { port } = app.server.address() as AddressInfo
  const request: ClientRequest = get({
    ...{ port, host: '127.0.0.1', path: `/v1/console/live${query}` },
    headers: { accept: 'text/event-stream', ...headers },
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.setEncoding('utf8')
  const heard: { event: string; id: string | undefined; data: Record<string, unknown> }[] = []
  let rest = ''
  let wake: () => void = () => undefined
  response.on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
      )
      heard.push({
        event: fields.get('event') ?? '',
        id: fields.get('id'),
        data: JSON.parse(fields.get('data') ?? '{}'),
      })
    }
    wake()
  })
  const ended = new Promise<void>((resolve) => response.once('close', resolve))
  return {
    response,
    request,
    ended,
    async events(count: number) {
      while (heard.length < count)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      return heard.slice(0, count)
    },
  }
}

beforeEach(() => {
  admitted = true
  lookedUp = null
  bus = createLive({ clock: () => NOW, first: 1000 })
})
afterEach(() => app.close())

describe('the stream of events', () => {
  it('greets with version, clock and last id, then tells what happens', async () => {
    await serve()
    bus.emit('tally')
    const stream = await listen()
    expect(stream.response.headers['content-type']).toContain('text/event-stream')
    expect(stream.response.headers['cache-control']).toContain('no-store')
    await stream.events(1)
    bus.emit('incident', { id: 'inc_1' })
    const [hello, change] = await stream.events(2)
    expect(hello).toEqual({
      event: 'hello',
      id: undefined,
      data: { version: '1.2.3', now: NOW, last: 1001 },
    })
    expect(change).toMatchObject({
      event: 'change',
      id: '1002',
      data: { kind: 'incident', at: NOW, data: { id: 'inc_1' } },
    })
  })

  it.each([
    ['?after=1001', {}],
    ['', { 'last-event-id': '1001' }],
  ])('catches up after a gap (%s)', async (query, headers) => {
    await serve()
    for (const kind of ['tally', 'review', 'policy'] as const) bus.emit(kind)
    const events = await (await listen(query, headers as Record<string, string>)).events(3)
    expect(events.map(({ id }) => id)).toEqual([undefined, '1002', '1003'])
  })

  it.each(['?after=12', '?after=999999999'])(
    'asks to read anew where events are gone or of another process (%s)',
    async (query) => {
      await serve()
      for (let i = 0; i < 600; i++) bus.emit('tally')
      const [, resync] = await (await listen(query)).events(2)
      expect(resync).toEqual({ event: 'resync', id: '1600', data: {} })
    },
  )

  it('ends with the session, at the next beat', async () => {
    await serve({ beatMs: 5 })
    const stream = await listen()
    expect((await stream.events(2))[1]).toMatchObject({ event: 'beat', data: { now: NOW } })
    admitted = false
    await stream.ended
  })

  it('ends at once with the rights of whoever opened it, and goes on with those of others', async () => {
    await serve()
    const stream = await listen()
    await stream.events(1)
    bus.emit('access')
    const [, , beat] = await stream.events(3)
    expect(beat).toMatchObject({ event: 'beat' })
    admitted = false
    bus.emit('access')
    await stream.ended
  })

  it('refuses strangers, and more pages than it can serve', async () => {
    await serve({ most: 1 })
    const first = await listen()
    expect((await listen()).response.statusCode).toBe(503)
    first.request.destroy()
    admitted = false
    expect((await listen()).response.statusCode).toBe(401)
  })

  it('lets nobody take all places', async () => {
    await serve({ mostOfOne: 2 })
    const of = (user: string) => listen('', { 'x-user': user })
    const first = await of('ada')
    expect((await of('ada')).response.statusCode).toBe(200)
    expect((await of('ada')).response.statusCode).toBe(503)
    expect((await of('bo')).response.statusCode).toBe(200)
    first.request.destroy()
    await expect.poll(async () => (await of('ada')).response.statusCode).toBe(200)
  })

  it('holds no place for a page that was left while its session was looked up', async () => {
    await serve({ most: 1 })
    const left = new Promise<() => void>((resolve) => {
      lookedUp = resolve
    })
    const { port } = app.server.address() as AddressInfo
    const request = get({ port, host: '127.0.0.1', path: '/v1/console/live' })
    request.on('error', () => undefined)
    await once(app.server, 'request')
    request.destroy()
    const answer = await left
    lookedUp = null
    answer()
    await new Promise(setImmediate)
    expect((await listen()).response.statusCode).toBe(200)
  })

  it('drops a reader who does not read', async () => {
    await serve({ behind: 65_536 })
    const stream = await listen()
    stream.response.pause()
    const words = { words: 'x'.repeat(60_000) }
    // more than the kernel's buffers of both ends hold
    for (let i = 0; i < 400; i++) {
      bus.emit('tally', words)
      await new Promise(setImmediate)
    }
    stream.response.resume()
    await stream.ended
    expect(stream.response.complete).toBe(false)
  })

  it('lets the server close while pages are open', async () => {
    await serve()
    const stream = await listen()
    await stream.events(1)
    await app.close()
    await stream.ended
  })
})
