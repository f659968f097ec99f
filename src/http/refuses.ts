/** What several routes refuse with, for the OpenAPI document. */

/** Of what touches a verification that is over. */
export const OVER = ['verification_cancelled', 'verification_expired', 'already_verified'] as const
/** Of what may send. */
export const SENDING = [
  'provider_refused',
  'provider_unavailable',
  'lines_unavailable',
  'conflict',
] as const
/** Of what takes an idempotency key. */
export const ONCE = ['idempotency_mismatch', 'idempotency_in_progress'] as const
