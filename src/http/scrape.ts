import { Type } from '@sinclair/typebox'
import type { onRequestHookHandler } from 'fastify'
import type { Routes } from './wiring.js'

/** Prometheus metrics. @param guard whom it lets in; `null`: everybody */
export const scrape =
  (guard: onRequestHookHandler | null): Routes =>
  (app, { metrics }) => {
    app.get(
      '/metrics',
      {
        ...(guard !== null && { onRequest: guard }),
        schema: {
          tags: ['health'],
          operationId: 'getMetrics',
          summary: 'Metrics in the Prometheus text format',
          produces: ['text/plain'],
          response: { 200: Type.String() },
        },
      },
      async (_request, reply) => {
        reply.type(metrics.registry.contentType)
        return metrics.registry.metrics()
      },
    )
  }
