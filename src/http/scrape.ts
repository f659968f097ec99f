import { Type } from '@sinclair/typebox'
import type { Routes } from './wiring.js'

/** Prometheus metrics. @param open `false`: only with a key of scope admin */
export const scrape =
  (open: boolean): Routes =>
  (app, { metrics, guard }) => {
    app.get(
      '/metrics',
      {
        ...(open ? {} : { onRequest: guard('admin') }),
        schema: {
          tags: ['health'],
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
