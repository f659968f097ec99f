import type { FastifyRequest } from 'fastify'

/**
 * Origin under which callers reach this gateway: as configured, else as the request says. Signatures of receipts are
 * made over it, so behind a proxy that rewrites hosts it has to be configured.
 */
export function publicUrlOf(request: FastifyRequest, configured: string | undefined): string {
  return configured ?? `${request.protocol}://${request.host}`
}
