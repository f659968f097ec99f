import type { FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify'
import { LogController } from 'fastify'
import type { DestinationStream, LoggerOptions } from 'pino'
import { TokenBucket } from './bucket.js'
import { maskNumber, scrub } from './mask.js'
import type { Refusal } from './refusal.js'
import { traceIds } from './trace-requests.js'

export interface LogOptions {
  /** @default 'info': refusals and faults; 'debug' adds every request */
  level?: LoggerOptions['level']
  /** @default standard output */
  stream?: DestinationStream
}

/** Requests without a key that are logged: whoever floods a gateway must not fill its disk too. Metrics count them all. */
const STRANGERS_PER_SECOND = 10
const STRANGERS_AT_ONCE = 100

/**
 * One line a request that was refused or went wrong, and with level debug one for every request. It has the pattern of
 * the route and never its URL (Lookup has the number in it), never a body, a header or a full number.
 * `unlogged` in a line says how many of strangers were left out before it.
 */
class GatewayLog extends LogController {
  readonly #strangers = new TokenBucket(STRANGERS_PER_SECOND, STRANGERS_AT_ONCE, performance.now())
  #unlogged = 0

  constructor(readonly everything: boolean) {
    super()
  }
  override incomingRequest(): void {
    // The line at the end says it all.
  }
  override routeNotFound(): void {
    // As above: it is a 404 like any other.
  }
  override defaultErrorLog(): void {
    // Our error handlers answer, and the line at the end has the code.
  }

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const { log, decision } = request
    const status = reply.statusCode
    const level = status >= 500 || error ? 'error' : quiet(request, status) ? 'debug' : 'info'
    if (level === 'debug' && !this.everything) return
    if (!this.everything && isStranger(request) && this.#strangers.take(performance.now()) > 0) {
      this.#unlogged++
      return
    }
    const unlogged = this.#unlogged
    this.#unlogged = 0
    log[level](
      {
        reqId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status,
        ms: Math.round(reply.elapsedTime * 100) / 100,
        key: request.principal?.id,
        user: request.present?.user.id,
        code: request.refusal?.code,
        ...(unlogged > 0 && { unlogged }),
        ...traceIds(request.traced),
        ...(decision && {
          service: request.service,
          verdict: decision.verdict,
          would: decision.would,
          reason: decision.reasons[0]?.code,
          number: maskNumber(decision.number.e164),
        }),
        ...(status >= 500 && causeOf(request.refusal, error)),
      },
      'request',
    )
  }
}

/** Nobody we know asked, and nothing of ours went wrong. */
const isStranger = ({ principal, present, refusal }: FastifyRequest): boolean =>
  principal === null && present === null && refusal !== null && refusal.code !== 'internal'

/** Only what nobody foresaw has a cause worth a stack: a lost store says the same of every request. */
function causeOf(refusal: Refusal | null, error: Error | null | undefined): object {
  if (refusal === null || refusal.code === 'internal') return { err: refusal?.cause ?? error }
  return { detail: scrub(refusal.message) }
}

const quiet = (request: FastifyRequest, status: number): boolean =>
  status < 400 && (request.decision === null || request.decision.would === 'allow')

interface LoggedError {
  [field: string]: unknown
  type: string
  message: string
  stack: string
}

/** What went wrong, down to its causes, without the numbers that messages of errors may quote. */
function errorSummary(error: unknown): LoggedError {
  if (!(error instanceof Error))
    return { type: typeof error, message: scrub(String(error)), stack: '' }
  return {
    type: error.name,
    message: scrub(error.message),
    stack: scrub(error.stack ?? ''),
    ...(error.cause !== undefined && { cause: errorSummary(error.cause) }),
  }
}

/** Fastify's logging options. `false` logs nothing. */
export function logging(
  options: LogOptions | false,
): Pick<FastifyServerOptions, 'logger' | 'logController' | 'childLoggerFactory'> {
  const everything = options !== false && (options.level === 'debug' || options.level === 'trace')
  const logController = new GatewayLog(everything)
  if (options === false) return { logger: false, logController }
  const serializers = {
    err: errorSummary,
    req: (request: { method: string }) => ({ method: request.method }),
    res: (reply: { statusCode: number }) => ({ statusCode: reply.statusCode }),
  }
  return {
    logger: {
      level: options.level ?? 'info',
      serializers,
      ...(options.stream && { stream: options.stream }),
    },
    logController,
    // No child logger a request: it would cost more than the decision, and lines carry the id themselves.
    childLoggerFactory: (logger) => logger,
  } as ReturnType<typeof logging>
}
