import type { FastifyInstance } from 'fastify'

/** Often enough that a shutdown is over when its last request is. */
const SWEEP_MS = 20

/**
 * Node closes the connections that are idle when the server closes. One whose request was in flight then becomes idle
 * later, and would keep the server open for the whole of its keep-alive time.
 */
export function closeOnceIdle(app: FastifyInstance): void {
  app.addHook('preClose', (done) => {
    const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS)
    app.server.once('close', () => clearInterval(sweep))
    done()
  })
}
