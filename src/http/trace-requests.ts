import {
  type Context,
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import type { FastifyInstance } from 'fastify'
import { tracer } from '../tracing/span.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** span of the request and the context that it is the active one of; `null` where it is not traced */
    traced: { span: Span; within: Context } | null
  }
}

/** Asked by machines every few seconds, or open for hours: a trace of them says nothing. */
const UNTRACED = new Set(['/healthz', '/readyz', '/metrics', '/v1/console/live'])

/**
 * A span around each request, child of the caller's `traceparent`. It has the pattern of the route and never the URL,
 * which may hold a number; no header, no address. Register before everything that should run within it.
 */
export function traceRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url
    if (route !== undefined && UNTRACED.has(route)) return done()
    const caller = propagation.extract(ROOT_CONTEXT, request.headers)
    const { method } = request
    const span = tracer.startSpan(
      route === undefined ? method : `${method} ${route}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          'http.request.method': method,
          ...(route !== undefined && { 'http.route': route }),
          'url.scheme': request.protocol,
        },
      },
      caller,
    )
    const within = trace.setSpan(caller, span)
    request.traced = { span, within }
    context.with(within, done)
  })
  // the body comes with events of the socket, which know nothing of this request's context
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.traced === null) done()
    else context.with(request.traced.within, done)
  })
  app.addHook('onResponse', (request, reply, done) => {
    if (request.traced !== null) {
      const { span } = request.traced
      const { statusCode } = reply
      span.setAttribute('http.response.status_code', statusCode)
      if (request.refusal !== null) span.setAttribute('tollgate.error', request.refusal.code)
      if (statusCode >= 500) {
        span.setStatus({ code: SpanStatusCode.ERROR })
        span.setAttribute('error.type', request.refusal?.code ?? String(statusCode))
      }
      span.end()
    }
    done()
  })
}

/** The ids of a request's span, under the names that OpenTelemetry gives them in logs. */
export function traceIds(traced: { span: Span } | null): { trace_id?: string; span_id?: string } {
  const ids = traced?.span.spanContext()
  return ids === undefined || !isSpanContextValid(ids)
    ? {}
    : { trace_id: ids.traceId, span_id: ids.spanId }
}
