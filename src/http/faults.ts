import type { FastifyError } from 'fastify'
import { LedgerError } from '../ledger/port.js'
import { LinesError } from '../lines/degraded/lines-error.js'
import type { ErrorCode } from './errors.js'
import { summary } from './field-errors.js'
import { Refusal } from './refusal.js'
import { fieldErrors } from './validation.js'

/** Fastify's own errors, by its code. */
const FRAMEWORK: Record<string, ErrorCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_BAD_URL: 'malformed_request',
  FST_ERR_MAX_PARAM_LENGTH: 'header_too_large',
  FST_ERR_REOPENED_CLOSE_SERVER: 'overloaded',
}

const DETAIL: Partial<Record<ErrorCode, string>> = {
  malformed_request: 'The URL or the framing of the body is malformed.',
}

/** Any error that reached an error handler, as the answer it stands for. What nobody foresaw is `internal`. */
export function refusalFrom(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof LedgerError) {
    return new Refusal('ledger_unavailable', `The ledger is ${error.fault}: ${error.hint}`, {
      cause: error,
    })
  }
  if (error instanceof LinesError)
    return new Refusal('lines_unavailable', `Nothing was decided: ${error.hint}.`, { cause: error })
  const fault = error as Partial<FastifyError>
  if (fault.validation) {
    const errors = fieldErrors(fault.validation, fault.validationContext ?? 'body')
    return new Refusal('validation', summary(errors), { errors })
  }
  const code = fault.code === undefined ? undefined : FRAMEWORK[fault.code]
  if (code) return new Refusal(code, DETAIL[code])
  if (fault.statusCode !== undefined && fault.statusCode >= 400 && fault.statusCode < 500) {
    return new Refusal('malformed_request', fault.message)
  }
  return new Refusal('internal', undefined, { cause: error })
}
