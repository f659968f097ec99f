import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Live, LiveEvent } from '../../desk/live.js'
import { SECOND } from '../../engine/units.js'
import { Refusal } from '../refusal.js'
import type { App } from '../wiring.js'
import type { LiveHello } from './hello-view.js'
import type { ConsoleWiring } from './routes.js'

/** Pages that are open at once, on this node. */
const MOST_STREAMS = 200
/** Of them, those of one user or key: nobody alone can shut the others out. */
const MOST_OF_ONE = 20
/** Proxies close what is silent for a minute, and a page takes thrice this for the end of the stream. */
const BEAT_MS = 15 * SECOND
/** Bytes that a reader may be behind: some hundred events. A slower one is dropped and reads anew. */
const MOST_BEHIND = 262_144

const query = Type.Object(
  { after: Type.Optional(Type.String({ pattern: '^[0-9]{1,16}$' })) },
  { additionalProperties: false },
)

const line = (event: string, data: unknown, id?: number): string =>
  `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`

const changed = (event: LiveEvent): string => line('change', event, event.id)

/** What the stream is made of. */
type LiveWiring = Pick<ConsoleWiring, 'clock' | 'allow'> & {
  desk: { live: Live; deployment: { version: string } }
}

/**
 * The stream of events to open pages, with what they missed since the event they had last.
 * @param limits for tests: those of the console otherwise
 */
export function live(
  app: App,
  { desk, clock, allow }: LiveWiring,
  { most = MOST_STREAMS, mostOfOne = MOST_OF_ONE, beatMs = BEAT_MS, behind = MOST_BEHIND } = {},
): void {
  const { live: bus, deployment } = desk
  const admit = allow('viewer')
  /** how each is ended, and whose it is */
  const streams = new Map<() => void, string>()
  app.addHook('preClose', (done) => {
    for (const end of streams.keys()) end()
    done()
  })

  /** Whether who opened the stream may still see it: asked again, for a session ends and a role changes under it. */
  const stillAdmitted = (request: FastifyRequest, reply: FastifyReply): Promise<boolean> =>
    new Promise((resolve) => {
      admit.call(app, request, reply, (error) => resolve(error === undefined))
    })

  app.get(
    '/v1/console/live',
    { onRequest: admit, schema: { hide: true, querystring: query } },
    (request, reply) => {
      if (streams.size >= most)
        throw new Refusal('overloaded', `${most} pages are open on this node already.`)
      const whose = request.present?.user.id ?? request.principal?.id ?? ''
      if ([...streams.values()].filter((other) => other === whose).length >= mostOfOne)
        throw new Refusal(
          'overloaded',
          `You have ${mostOfOne} pages open on this node: close some.`,
        )
      const { headers } = request
      const seen = request.query.after ?? headers['last-event-id']
      const after = typeof seen === 'string' && /^[0-9]{1,16}$/.test(seen) ? Number(seen) : null

      reply.hijack()
      const { raw } = reply
      // left while its session was looked up: its end is over, and would never be told
      if (raw.destroyed) return
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-content-type-options': 'nosniff',
        // nginx holds answers back by default
        'x-accel-buffering': 'no',
      })
      const write = (text: string): void => {
        if (raw.writableEnded) return
        if (raw.writableLength > behind) raw.destroy()
        else raw.write(text)
      }

      const missed = after === null ? [] : bus.since(after)
      const last = bus.last()
      write(line('hello', { version: deployment.version, now: clock(), last } satisfies LiveHello))
      if (missed === null) write(line('resync', {}, last))
      else for (const event of missed) write(changed(event))

      const beat = async (): Promise<void> => {
        if (await stillAdmitted(request, reply)) write(line('beat', { now: clock() }))
        else raw.end()
      }
      const unsubscribe = bus.subscribe((event) => {
        // somebody's rights changed: whose stream this is may be the one who was disabled
        if (event.kind === 'access') void beat()
        write(changed(event))
      })
      const beating = setInterval(() => void beat(), beatMs)
      const end = (): void => void raw.end()
      streams.set(end, whose)
      raw.once('close', () => {
        clearInterval(beating)
        unsubscribe()
        streams.delete(end)
      })
    },
  )
}
