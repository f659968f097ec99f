import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import type { Metrics, RouteTimes } from './metrics.js'

/** Times of answers by method, pattern of the route and class of status. Register before the routes. */
export function countAnswers(app: FastifyInstance, metrics: Metrics): void {
  // What each route counts with is found here, not looked up by its name on every request.
  app.addHook('onRoute', (route) => {
    const byMethod = new Map<string, RouteTimes>()
    for (const method of [route.method].flat())
      byMethod.set(method, metrics.route(method, route.url))
    const begin: onRequestHookHandler = (request, _reply, done) => {
      request.times = byMethod.get(request.method) ?? null
      done()
    }
    route.onRequest = [begin, ...[route.onRequest ?? []].flat()]
  })
  const elsewhere = new Map<string, RouteTimes>()
  const noRoute = (method: string): RouteTimes => {
    const known = elsewhere.get(method)
    if (known !== undefined) return known
    const times = metrics.route(method, '(none)')
    elsewhere.set(method, times)
    return times
  }
  app.addHook('onResponse', (request, reply, done) => {
    const times = request.times ?? noRoute(request.method)
    times(reply.statusCode, reply.elapsedTime / 1000)
    done()
  })
}
