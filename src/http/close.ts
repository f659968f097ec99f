import type { Server } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
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

/**
 * What comes before closing where a proxy keeps connections open: each one that is used ends with the answer on it, and
 * its next request goes elsewhere. Closed as idle, it may have a request on its way, which no proxy dares to send twice.
 * @param ms at most; it is over when no connection is left
 */
export async function drain(server: Server, ms: number): Promise<void> {
  server.maxRequestsPerSocket = 1
  const left = () =>
    new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)))
  for (let waited = 0; waited < ms && (await left()) > 0; waited += SWEEP_MS) await pause(SWEEP_MS)
}
