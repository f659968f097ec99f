import type { AccessErrorCode } from '../desk/access/faults.js'
import type { LifeErrorCode } from '../verify/types.js'
import { ACCESS_ENTRIES } from './access-errors.js'
import { TWILIO_ENTRIES, type TwilioErrorCode } from './twilio-errors.js'

/** Faults of the edge itself: who asks, what was asked, and how it was written. */
export const HTTP_ERRORS = [
  'unauthenticated',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'validation',
  'malformed_json',
  'malformed_form',
  'malformed_request',
  'invalid_utf8',
  'unsupported_media_type',
  'body_too_large',
  'header_too_large',
  'request_timeout',
  'rate_limited',
  'overloaded',
  'unknown_provider',
  'bad_signature',
  'internal',
] as const
export type HttpErrorCode = (typeof HTTP_ERRORS)[number]

export type ErrorCode = LifeErrorCode | HttpErrorCode | AccessErrorCode | TwilioErrorCode

interface ErrorEntry {
  /** HTTP status of the native API, and of the Twilio-compatible one unless `twilioStatus` differs */
  status: number
  title: string
  /** Twilio's error code, as its error dictionary has it */
  twilio: number
  twilioStatus?: number
  /** how the caller mends it */
  mend: string
  /** seconds after which to try again, where the refusal knows none: for faults of the gateway, never of the request */
  retryAfterS?: number
}

const gone = { twilio: 20404, twilioStatus: 404 }

/**
 * The one catalogue of errors: code, HTTP status, Twilio's code. `docs/errors.md` is proven equal to it by a test.
 * Twilio's codes and statuses are those of https://www.twilio.com/docs/api/errors.
 */
export const ERRORS = {
  verification_not_found: {
    status: 404,
    title: 'No such verification',
    twilio: 20404,
    mend: 'Use the id from the answer that started it.',
  },
  verification_expired: {
    status: 410,
    title: 'The verification has expired',
    ...gone,
    mend: 'Start a new verification.',
  },
  verification_cancelled: {
    status: 409,
    title: 'The verification was cancelled',
    ...gone,
    mend: 'Start a new verification.',
  },
  already_verified: {
    status: 409,
    title: 'The verification is complete',
    ...gone,
    mend: 'A code works once. Start a new verification for another check.',
  },
  not_sent_yet: {
    status: 409,
    title: 'No code was sent yet',
    ...gone,
    mend: 'Solve the challenge or wait for the review first; the verification shows which.',
  },
  not_held: {
    status: 409,
    title: 'Nobody is asked about it',
    ...gone,
    mend: 'It was answered, has expired or was never held; the verification shows which.',
  },
  own_code_not_kept: {
    status: 409,
    title: 'Its code is not kept',
    ...gone,
    mend: 'Codes that applications give are never stored. Allow the number, and let it ask again.',
  },
  too_many_checks: {
    status: 429,
    title: 'Too many checks',
    twilio: 60202,
    mend: 'Cancel the verification or let it expire, and start a new one.',
  },
  too_many_sends: {
    status: 429,
    title: 'Too many sends',
    twilio: 60203,
    mend: 'Check the code, cancel the verification, or wait until it expires.',
  },
  resend_too_soon: {
    status: 429,
    title: 'Resent too soon',
    twilio: 60212,
    mend: 'Wait as long as Retry-After says.',
  },
  challenge_malformed: {
    status: 400,
    title: 'Not a solution',
    twilio: 60200,
    mend: "Pass on the widget's payload as it is.",
  },
  challenge_expired: {
    status: 410,
    title: 'The challenge has expired',
    twilio: 60410,
    twilioStatus: 403,
    mend: 'Ask for a new challenge by resending.',
  },
  challenge_foreign: {
    status: 422,
    title: 'Solution of another challenge',
    twilio: 60410,
    twilioStatus: 403,
    mend: 'Solve the challenge that this verification was given: it is bound to its number and service.',
  },
  challenge_wrong: {
    status: 422,
    title: 'Wrong solution',
    twilio: 60410,
    twilioStatus: 403,
    mend: 'Solve the challenge again.',
  },
  challenge_used: {
    status: 409,
    title: 'The solution was used before',
    twilio: 60410,
    twilioStatus: 403,
    mend: 'A solution works once. Ask for a new challenge by resending.',
  },
  challenge_not_asked: {
    status: 409,
    title: 'No challenge is open',
    twilio: 60410,
    twilioStatus: 403,
    mend: 'Only a verification with status challenge_required or sent takes a solution.',
  },
  unknown_service: {
    status: 422,
    title: 'Unknown service',
    ...gone,
    mend: 'Name a service of the policy, or give the policy a fallback.',
  },
  invalid_code_format: {
    status: 400,
    title: 'Not a code',
    twilio: 60200,
    mend: 'Codes have 4 to 10 digits.',
  },
  idempotency_mismatch: {
    status: 422,
    title: 'Idempotency key used for another request',
    twilio: 20409,
    mend: 'Use a new key for a new request; repeat a request with the same body.',
  },
  idempotency_in_progress: {
    status: 409,
    title: 'The first request with this key is still running',
    twilio: 20409,
    mend: 'Repeat it in a moment: the answer will be the same.',
  },
  conflict: {
    status: 409,
    title: 'Changed at the same time',
    twilio: 20409,
    mend: 'Read it again and repeat.',
  },
  provider_unavailable: {
    status: 503,
    title: 'No provider took the message',
    twilio: 20503,
    mend: 'Repeat later; nothing was charged. /readyz shows the providers.',
    retryAfterS: 5,
  },
  provider_refused: {
    status: 502,
    title: 'The provider refused the message',
    twilio: 60238,
    twilioStatus: 403,
    mend: 'The detail has the reason. The number may be unable to receive messages.',
  },
  ledger_unavailable: {
    status: 503,
    title: 'The ledger cannot take a record',
    twilio: 20503,
    mend: 'Nothing was sent. Check disk space and permissions of the data directory, or the database.',
    retryAfterS: 5,
  },
  lines_unavailable: {
    status: 503,
    title: 'The store of lines does not answer',
    twilio: 20503,
    mend: 'Nothing was sent or charged. Mend the store, or set failure.lines: degraded.',
    retryAfterS: 5,
  },
  stores_slow: {
    status: 503,
    title: 'The stores take too long',
    twilio: 20503,
    mend: 'No code was sent, and none will be. Repeat it, with the same idempotency key; see failure.requestMs and the latency of the database.',
    retryAfterS: 5,
  },

  unauthenticated: {
    status: 401,
    title: 'No valid API key',
    twilio: 20003,
    mend: 'HTTP Basic with the key id as user and the secret as password, or Bearer <id>:<secret>.',
  },
  forbidden: {
    status: 403,
    title: 'The API key lacks a scope',
    twilio: 20003,
    mend: 'Create a key with the scope that the detail names.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    twilio: 20404,
    mend: 'See /openapi.json for the routes there are.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    twilio: 20004,
    mend: 'The header Allow names the methods that the address takes.',
  },
  validation: {
    status: 400,
    title: 'Invalid request',
    twilio: 60200,
    mend: 'Each entry of `errors` names a field and says what it takes.',
  },
  malformed_json: {
    status: 400,
    title: 'Not JSON',
    twilio: 60200,
    mend: 'Send one JSON object (RFC 8259) without __proto__ or constructor.prototype keys.',
  },
  malformed_form: {
    status: 400,
    title: 'Not a form',
    twilio: 60200,
    mend: 'Percent-encode names and values, and give each parameter once.',
  },
  malformed_request: {
    status: 400,
    title: 'Not an HTTP request',
    twilio: 60200,
    mend: 'The detail has what the parser met.',
  },
  invalid_utf8: {
    status: 400,
    title: 'Not UTF-8',
    twilio: 60200,
    mend: 'Encode the body in UTF-8.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported content type',
    twilio: 60200,
    mend: 'application/json for /v1, application/x-www-form-urlencoded for /v2.',
  },
  body_too_large: {
    status: 413,
    title: 'Body too large',
    twilio: 60200,
    mend: 'At most 64 kB; 1 MB for outcomes, split larger batches.',
  },
  header_too_large: {
    status: 431,
    title: 'URL or headers too large',
    twilio: 60200,
    mend: 'URL and headers together take at most 16 kB.',
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive',
    twilio: 20408,
    mend: 'Send headers and body within the time limit.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    twilio: 20429,
    mend: 'Wait as long as Retry-After says.',
  },
  overloaded: {
    status: 503,
    title: 'Overloaded or shutting down',
    twilio: 20503,
    mend: 'Repeat later, on another gateway if there is one.',
    retryAfterS: 1,
  },
  unknown_provider: {
    status: 404,
    title: 'No such provider',
    twilio: 20404,
    mend: 'Use the name the provider has in the configuration.',
  },
  bad_signature: {
    status: 403,
    title: 'The signature is wrong',
    twilio: 20003,
    mend: 'Check the shared secret, that both clocks agree within five minutes, and that the public URL is the one the provider calls.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    twilio: 20500,
    mend: 'A bug: the log has it under the request id in `instance`.',
  },

  ...ACCESS_ENTRIES,
  ...TWILIO_ENTRIES,
} as const satisfies Record<ErrorCode, ErrorEntry>

export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[]

export function errorEntry(code: ErrorCode): ErrorEntry {
  return ERRORS[code]
}

/** The table of `docs/errors.md`, from the catalogue. */
export function errorTable(): string {
  const rows = ERROR_CODES.map((code) => {
    const e = errorEntry(code)
    return `| \`${code}\` | ${e.status} | ${e.twilio} (${e.twilioStatus ?? e.status}) | ${e.title} | ${e.mend} |`
  })
  return ['| code | status | Twilio | title | what to do |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  )
}
