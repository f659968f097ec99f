import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { Type } from '@sinclair/typebox'
import { LONGEST_NAME } from '../../desk/access/user.js'

const closed = { additionalProperties: false }
/** WebAuthn Level 3 bounds a credential id to 1023 bytes; keys and attestations of today stay under some kB. */
const base64url = (maxLength: number) =>
  Type.String({ pattern: '^[A-Za-z0-9_-]*$', maxLength, minLength: 1 })

const credential = {
  id: base64url(1_400),
  rawId: base64url(1_400),
  type: Type.Literal('public-key'),
  authenticatorAttachment: Type.Optional(
    Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 32 }),
  ),
  clientExtensionResults: Type.Object({}, { additionalProperties: true }),
}

/** What `navigator.credentials.get` answered. */
export const Assertion = Type.Unsafe<AuthenticationResponseJSON>(
  Type.Object(
    {
      ...credential,
      response: Type.Object(
        {
          clientDataJSON: base64url(8_192),
          authenticatorData: base64url(8_192),
          signature: base64url(8_192),
          userHandle: Type.Optional(base64url(128)),
        },
        closed,
      ),
    },
    closed,
  ),
)

/** What `navigator.credentials.create` answered. */
export const Attestation = Type.Unsafe<RegistrationResponseJSON>(
  Type.Object(
    {
      ...credential,
      response: Type.Object(
        {
          clientDataJSON: base64url(8_192),
          attestationObject: base64url(32_768),
          authenticatorData: Type.Optional(base64url(32_768)),
          transports: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 8 })),
          publicKeyAlgorithm: Type.Optional(Type.Integer()),
          publicKey: Type.Optional(base64url(8_192)),
        },
        closed,
      ),
    },
    closed,
  ),
)

export const Name = Type.String({ minLength: 1, maxLength: LONGEST_NAME })
export const MaybeName = Type.String({ maxLength: LONGEST_NAME })
/** 256 bits, base64url */
export const Token = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
/** SHA-256, base64url: how links and sessions are named */
export const Digest = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
export const CredentialId = base64url(1_400)
export const UserId = Type.String({ pattern: '^usr_[A-Za-z0-9_-]{24}$' })
export const body = <T extends Parameters<typeof Type.Object>[0]>(properties: T) =>
  Type.Object(properties, closed)

/** An answer of the console's own API, typed for our pages and open to more fields. */
export const view = <T>() => Type.Unsafe<T>({ type: 'object', additionalProperties: true })
