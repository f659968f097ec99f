import { isSpanContextValid, trace } from '@opentelemetry/api'

/**
 * The header that hands the current trace on, as W3C Trace Context writes it; nothing outside of a trace. Baggage is never
 * handed on: what callers put there is theirs, and the other side is a provider.
 */
export function traceparent(): { traceparent?: string } {
  const context = trace.getActiveSpan()?.spanContext()
  if (context === undefined || !isSpanContextValid(context)) return {}
  const { traceId, spanId, traceFlags } = context
  return { traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}` }
}
