/** Why somebody is not let in, or may not do it. Each is an error of the API (`src/http/errors.ts`). */
export const ACCESS_ERRORS = [
  'signed_out',
  'session_expired',
  'sign_in_again',
  'role_required',
  'user_required',
  'foreign_origin',
  'passkey_unavailable',
  'passkey_refused',
  'attempt_expired',
  'recovery_refused',
  'link_spent',
  'name_taken',
  'last_admin',
  'last_passkey',
  'sign_in_elsewhere',
  'oidc_refused',
  'oidc_failed',
] as const
export type AccessErrorCode = (typeof ACCESS_ERRORS)[number]

export interface AccessError {
  code: AccessErrorCode | 'not_found' | 'conflict'
  /** for the person who tried */
  message: string
}

/** What was asked for, or why not: refusals are expected. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: AccessError }

export const ok = <T>(value: T): Outcome<T> => ({ ok: true, value })
export const no = (
  code: AccessError['code'],
  message: string,
): { ok: false; error: AccessError } => ({
  ok: false,
  error: { code, message },
})
