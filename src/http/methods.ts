import type { FastifyInstance } from 'fastify'

/**
 * Which methods an address takes, from the routes as they are registered. Addresses that take in whatever follows (`*`)
 * say nothing of it. Register before the routes.
 */
export function methodsTaken(app: FastifyInstance): (url: string) => string[] {
  const routes: { method: string; address: RegExp }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const parts = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : literal(part)))
    const address = new RegExp(`^${parts.join('/')}/?$`)
    for (const each of [method].flat()) routes.push({ method: each, address })
  })
  return (url) => {
    const [path = ''] = url.split('?', 1)
    return [...new Set(routes.filter((r) => r.address.test(path)).map((r) => r.method))].sort()
  }
}

const literal = (text: string): string => text.replace(/[^\w-]/g, '\\$&')
