import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { Dependency } from '../verify/conditions.js'
import type { Metrics } from './metrics.js'
import { LOOK_MS, Pressure, type PressureOptions, SHED_ORDER, type ShedClass } from './pressure.js'
import { Refusal } from './refusal.js'

/** Asked by orchestrators and Prometheus, and the stream of an open page, which is at work for hours. */
const NEVER = new Set(['/healthz', '/readyz', '/metrics', '/v1/console/live'])
const REST: readonly [RegExp, ShedClass][] = [
  [/^\/v1\/(console|admin)\//, 'operator'],
  [/^\/(v1\/hooks\/|v1\/outcomes)/, 'receipt'],
  [/\/(check|challenge|VerificationCheck)$/, 'check'],
  // what reads, sends nothing; pages and descriptions are of the same kind
  [/^\/(\*|openapi\.json)?$/, 'operator'],
]

/** @returns `null`: never turned away */
export function shedClassOf(url: string): ShedClass | null {
  if (NEVER.has(url)) return null
  return REST.find(([pattern]) => pattern.test(url))?.[1] ?? 'start'
}

const REASON = {
  in_flight: 'as many requests are at work as this gateway takes at once',
  event_loop: 'this gateway has more to do than it can',
}

/**
 * Turns requests away before anything is done for them while there is too much to do: the rest is answered in time, and
 * whole. What is let in is decided with every check there is. Register before the routes.
 */
export function shedLoad(
  app: FastifyInstance,
  metrics: Pick<Metrics, 'shed' | 'pressure'>,
  options: PressureOptions,
): Pressure {
  const pressure = new Pressure(options)
  metrics.pressure(pressure)
  const within = new WeakSet<FastifyRequest>()
  const leave = (request: FastifyRequest): void => {
    if (within.delete(request)) pressure.inFlight--
  }
  // work is over with its answer: a caller who does not read it holds up nobody
  app.addHook('onSend', (request, _reply, payload, done) => {
    leave(request)
    done(null, payload)
  })
  const looks = setInterval(() => pressure.look(), LOOK_MS).unref()
  app.addHook('onClose', (_app, done) => {
    clearInterval(looks)
    done()
  })
  const enter =
    (kind: ShedClass, rank: number): onRequestHookHandler =>
    (request, reply, done) => {
      const why = pressure.sheds(rank)
      if (why !== null) {
        metrics.shed(kind, why)
        return done(new Refusal('overloaded', `Nothing was done: ${REASON[why]}.`))
      }
      pressure.inFlight++
      within.add(request)
      // also where the caller hangs up before the answer
      reply.raw.once('close', () => leave(request))
      done()
    }
  app.addHook('onRoute', (route) => {
    const kind = shedClassOf(route.url)
    if (kind === null) return
    route.onRequest = [enter(kind, SHED_ORDER.indexOf(kind)), ...[route.onRequest ?? []].flat()]
  })
  return pressure
}

/** The load as a dependency: in trouble while requests are turned away. */
export const loadOf = (pressure: Pressure) => (): Dependency => {
  const why = pressure.sheds(0)
  return {
    name: 'load',
    state: why === null ? 'ok' : 'degraded',
    since: null,
    says: why === null ? '' : `Requests are turned away: ${REASON[why]}.`,
    figures: { in_flight: pressure.inFlight, delay_ms: pressure.delayMs },
  }
}
