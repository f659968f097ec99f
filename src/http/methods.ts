import type { FastifyInstance } from 'fastify'

/**
 * Which methods an address takes, from the routes as they are registered. Addresses that take in whatever follows (`*`)
 * say nothing of it. Register before the routes.
 */
export function methodsTaken(app: FastifyInstance): (url: string) => string[] {
  const routes: { method: string; parts: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    for (const each of [method].flat()) routes.push({ method: each, parts: url.split('/') })
  })
  return (url) => {
    const asked = (url.split('?', 1)[0] ?? '').replace(/\/$/, '').split('/')
    const found = routes.filter(
      ({ parts }) =>
        parts.length === asked.length &&
        parts.every((part, i) => part === asked[i] || (part.startsWith(':') && asked[i] !== '')),
    )
    return [...new Set(found.map(({ method }) => method))].sort()
  }
}
