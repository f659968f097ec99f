import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

/** What a span says of an answer; with `error.type` in it the span has failed. Never a number, a code, an address or the words of an error: those quote them. */
export type Describe<A extends unknown[], R> = (result: Awaited<R>, args: A) => Attributes

export interface SpanOptions<A extends unknown[], R> {
  describe?: Describe<A, R>
  /** `client`: somebody else's work that this process waits for. @default internal */
  kind?: 'internal' | 'client'
}

/** Follows whatever SDK the process registers, also later; without one nothing is recorded. */
export const tracer = trace.getTracer('tollgate')

/**
 * The same function with a span around each call that is part of a recorded trace. A call outside of one (upkeep, a
 * trace that was not sampled) costs one look-up.
 */
export function step<A extends unknown[], R>(
  name: string,
  work: (...args: A) => R,
  describe?: Describe<A, R>,
): (...args: A) => R {
  return (...args) =>
    trace.getActiveSpan()?.isRecording() === true
      ? conclude(tracer.startSpan(name), args, () => work(...args), describe)
      : work(...args)
}

/** The same function with a span around each call: the parent of what it calls, the root where there is no other. */
export function stage<A extends unknown[], R>(
  name: string,
  work: (...args: A) => R,
  { describe, kind = 'internal' }: SpanOptions<A, R> = {},
): (...args: A) => R {
  const options = { kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL }
  return (...args) =>
    tracer.startActiveSpan(name, options, (span) =>
      conclude(span, args, () => work(...args), describe),
    )
}

function conclude<A extends unknown[], R>(
  span: Span,
  args: A,
  work: () => R,
  describe: Describe<A, R> | undefined,
): R {
  const ended = (result: Awaited<R>): void => {
    if (describe !== undefined && span.isRecording()) {
      const said = describe(result, args)
      span.setAttributes(said)
      if (said['error.type'] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR })
    }
    span.end()
  }
  const failed = (error: unknown): void => {
    fail(span, error)
    span.end()
  }
  let result: R
  try {
    result = work()
  } catch (error) {
    failed(error)
    throw error
  }
  // the caller gets the very promise it would have got: a rejection stays his to handle
  if (result instanceof Promise) result.then(ended, failed)
  else ended(result as Awaited<R>)
  return result
}

/** Marks a span as failed, by the kind of the error alone. */
export function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.setAttribute('error.type', error instanceof Error ? error.name : typeof error)
}
