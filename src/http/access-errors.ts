import type { AccessErrorCode } from '../desk/access/faults.js'

interface AccessEntry {
  status: number
  title: string
  twilio: number
  mend: string
}

/** What the console's sign-in refuses with. Twilio's codes are the nearest there are: its API has no sessions. */
export const ACCESS_ENTRIES = {
  signed_out: {
    status: 401,
    title: 'Nobody is signed in',
    twilio: 20003,
    mend: 'Sign in to the console, or send an API key with the scope admin.',
  },
  session_expired: {
    status: 401,
    title: 'The session is over',
    twilio: 20003,
    mend: 'Sign in again. Sessions end when unused, after console.sessionLifetime, and when they are revoked.',
  },
  sign_in_again: {
    status: 403,
    title: 'Sign in again first',
    twilio: 20003,
    mend: 'What lets people in is changed within 15 minutes after signing in. The console asks for the passkey; else sign out and in.',
  },
  role_required: {
    status: 403,
    title: 'The role does not allow it',
    twilio: 20003,
    mend: 'Ask an administrator of the console to do it, or for the role that the detail names.',
  },
  user_required: {
    status: 403,
    title: 'Only for users who are signed in',
    twilio: 20003,
    mend: 'An API key is nobody: passkeys, recovery codes and own sessions belong to users.',
  },
  foreign_origin: {
    status: 403,
    title: 'The request comes from another site',
    twilio: 20003,
    mend: 'Open the console under its own address. Behind a proxy, set server.publicUrl to that address. Programs use an API key.',
  },
  passkey_unavailable: {
    status: 400,
    title: 'Browsers give no passkeys to this address',
    twilio: 60200,
    mend: 'Open the console under a name with https, or under http://localhost; set server.publicUrl to it.',
  },
  passkey_refused: {
    status: 401,
    title: 'The passkey was not accepted',
    twilio: 20003,
    mend: 'Try again, use another passkey or a recovery code, or ask an administrator for a link.',
  },
  attempt_expired: {
    status: 410,
    title: 'The attempt to sign in has expired',
    twilio: 20404,
    mend: 'Begin again; an attempt lasts some minutes, in the window where it was begun, and is answered once.',
  },
  recovery_refused: {
    status: 401,
    title: 'No recovery code of ours',
    twilio: 20003,
    mend: 'A code works once. Use another, or ask an administrator for a link.',
  },
  link_spent: {
    status: 410,
    title: 'The link works no more',
    twilio: 20404,
    mend: 'Ask for another. Who runs the gateway makes one with: tollgate users link',
  },
  name_taken: {
    status: 409,
    title: 'The name is taken',
    twilio: 20409,
    mend: 'Choose another name: users are told apart by it.',
  },
  last_admin: {
    status: 409,
    title: 'The last administrator',
    twilio: 20409,
    mend: 'Make another user an administrator first.',
  },
  last_passkey: {
    status: 409,
    title: 'The last passkey',
    twilio: 20409,
    mend: 'Add another passkey first.',
  },
  sign_in_elsewhere: {
    status: 409,
    title: 'Signs in with the organisation',
    twilio: 20409,
    mend: 'Passkeys, recovery codes and links are for users who sign in here.',
  },
  oidc_refused: {
    status: 403,
    title: 'Not let in by the provider or its roles',
    twilio: 20003,
    mend: 'See console.oidc: allowedDomains, roleClaim, roles, defaultRole.',
  },
  oidc_failed: {
    status: 502,
    title: 'The provider of the sign-in did not answer as it should',
    twilio: 20503,
    mend: 'Try again. Check console.oidc: issuer, clientId, clientSecret, and the redirect URL at the provider.',
  },
} as const satisfies Record<AccessErrorCode, AccessEntry>
