import type { LifeError } from '../verify/types.js'
import { type ErrorCode, errorEntry } from './errors.js'
import { type FieldError, summary } from './field-errors.js'

interface RefusalOptions {
  errors?: FieldError[]
  /** Unix ms from when on the request may succeed */
  retryAt?: number
  /** further members of the answer (Twilio's `details`) */
  details?: Record<string, unknown>
  cause?: unknown
}

/**
 * An answer other than success, as hooks and handlers raise it; the error handler of the route's API writes it out.
 * It is an Error because Fastify's hooks can end a request in no other way.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly errors: FieldError[] | undefined
  readonly retryAt: number | undefined
  readonly details: Record<string, unknown> | undefined

  constructor(
    readonly code: ErrorCode,
    detail?: string,
    options: RefusalOptions = {},
  ) {
    super(
      detail ?? errorEntry(code).mend,
      options.cause === undefined ? {} : { cause: options.cause },
    )
    this.errors = options.errors
    this.retryAt = options.retryAt
    this.details = options.details
  }
}

/** An expected refusal of the life cycle. */
export function refusalOf(error: LifeError): Refusal {
  return new Refusal(
    error.code,
    error.message,
    error.retryAt === undefined ? {} : { retryAt: error.retryAt },
  )
}

/** One field that the schema let through and its meaning does not. */
export function invalid(path: string, message: string, hint?: string): Refusal {
  const errors = [hint === undefined ? { path, message } : { path, message, hint }]
  return new Refusal('validation', summary(errors), { errors })
}
