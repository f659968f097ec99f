import * as client from 'openid-client'
import { MINUTE } from '../../engine/units.js'
import { createAsk } from '../../outward/ask.js'
import { fetchBy } from '../../outward/fetch.js'
import { createGuard, type Guard } from '../../outward/guard.js'
import { no, type Outcome, ok } from './faults.js'
import { innerPath } from './inner-path.js'
import type { Sealer } from './seal.js'
import { isLoopback, type Site } from './site.js'
import { cleanName, ROLES, type Role } from './user.js'

/** Sign-in at the organisation's provider (OpenID Connect). */
export interface OidcOptions {
  /** https URL whose /.well-known/openid-configuration describes the provider */
  issuer: string
  /** the provider may be in a private network. @default false */
  allowPrivate?: boolean
  clientId: string
  /** `null`: a public client, which PKCE alone protects */
  clientSecret: string | null
  /** e-mail domains that may sign in; `null`: everybody the provider lets in */
  allowedDomains: string[] | null
  /** claim that says in place of `email_verified` that the address is proved; `null`: that one */
  emailVerifiedClaim: string | null
  /** claim with roles or groups: its name, or a path with dots */
  roleClaim: string | null
  /** values of that claim and the role each gives; the highest counts */
  roles: Record<string, Role>
  /** role of who has none of those; `null`: they are not let in */
  defaultRole: Role | null
}

/** Time to sign in over there. */
export const OIDC_MS = 10 * MINUTE
/** Seconds that the provider has for each answer. */
const TIMEOUT_SECONDS = 10
/** Longest answer of it that is read, bytes: descriptions and key sets have some thousand. */
const MOST_ANSWER = 512 * 1024

/** Where the provider may be: its issuer, and what its description names besides. */
export const issuerGuard = ({ allowPrivate = false }: Pick<OidcOptions, 'allowPrivate'>): Guard =>
  createGuard({ allowPrivate, setting: 'allowPrivate: true beside console.oidc.issuer' })

export const CALLBACK_PATH = '/v1/console/oidc/callback'

/** What a claim of the provider's own has for true: Entra ID writes `xms_edov` in several ways. */
const YES: readonly unknown[] = [true, 1, 'true', '1']

interface Attempt {
  state: string
  nonce: string
  verifier: string
  next: string
}

/** Whom the provider says it is. */
export interface Visitor {
  issuer: string
  subject: string
  name: string
  /** `null`: the provider says nothing of roles, the console's own stands */
  role: Role | null
  /** role on the first sign-in */
  firstRole: Role
  /** page of ours to go to */
  next: string
}

/** Authorization code flow with PKCE, state and nonce (RFC 9700, section 2.1). */
export function createOidc(
  options: OidcOptions,
  { sealer, clock }: { sealer: Sealer; clock: () => number },
) {
  const { issuer, clientId, clientSecret } = options
  const server = new URL(issuer)
  const guard = issuerGuard(options)
  const fetchGuarded = fetchBy(createAsk({ guard, mostBytes: MOST_ANSWER }))
  let found: Promise<client.Configuration> | null = null
  /** Asked once it is needed, and again when the provider did not answer. */
  function provider(): Promise<client.Configuration> {
    found ??= client
      .discovery(server, clientId, clientSecret ?? undefined, undefined, {
        timeout: TIMEOUT_SECONDS,
        [client.customFetch]: fetchGuarded,
        execute: [
          // the signature of an ID token, whatever the connection it came by
          client.enableNonRepudiationChecks,
          // a provider on this machine, for trying it out
          ...(isLoopback(server.hostname) ? [client.allowInsecureRequests] : []),
        ],
      })
      .catch((error: unknown) => {
        found = null
        throw error
      })
    return found
  }

  return {
    host: server.host,

    /** @returns where to send the browser, and what it keeps until it comes back */
    async start(site: Site, next: string): Promise<Outcome<{ url: string; attempt: string }>> {
      const config = await answered(provider)
      if (!config.ok) return config
      const verifier = client.randomPKCECodeVerifier()
      const attempt: Attempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier,
        next: innerPath(next),
      }
      const url = client.buildAuthorizationUrl(config.value, {
        redirect_uri: site.origin + CALLBACK_PATH,
        scope: 'openid profile email',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state: attempt.state,
        nonce: attempt.nonce,
      })
      return ok({ url: url.href, attempt: sealer.seal('oidc', attempt, clock() + OIDC_MS) })
    },

    /** @param query of the callback, without the question mark */
    async finish(site: Site, sealed: string | undefined, query: string): Promise<Outcome<Visitor>> {
      const attempt = sealer.open('oidc', sealed, clock()) as Attempt | null
      if (attempt === null)
        return no('attempt_expired', 'Signing in took too long, or was begun in another window.')
      const claims = await answered(async () => {
        const config = await provider()
        const tokens = await client.authorizationCodeGrant(
          config,
          new URL(`${site.origin}${CALLBACK_PATH}?${query}`),
          {
            pkceCodeVerifier: attempt.verifier,
            expectedState: attempt.state,
            expectedNonce: attempt.nonce,
            idTokenExpected: true,
          },
        )
        const own = tokens.claims()
        if (own === undefined) throw new Error('no ID token')
        const more =
          config.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await client.fetchUserInfo(config, tokens.access_token, own.sub)
        return { ...more, ...own } as Record<string, unknown>
      })
      if (!claims.ok) return claims
      return visitorOf(claims.value, options, attempt.next)
    },
  }
}

export type Oidc = ReturnType<typeof createOidc>

/** @param claims of the ID token and of userinfo together */
export function visitorOf(
  claims: Readonly<Record<string, unknown>>,
  { allowedDomains, emailVerifiedClaim, roleClaim, roles, defaultRole, issuer }: OidcOptions,
  next: string,
): Outcome<Visitor> {
  const subject = claims.sub
  if (typeof subject !== 'string') return no('oidc_failed', 'The provider named nobody.')
  const email = typeof claims.email === 'string' ? claims.email.toLowerCase() : null
  if (allowedDomains !== null) {
    const domain = email?.slice(email.lastIndexOf('@') + 1)
    // An address that nobody proved can have any domain.
    const proved =
      emailVerifiedClaim === null
        ? claims.email_verified === true
        : YES.includes(claims[emailVerifiedClaim])
    if (domain === undefined || !proved)
      return no('oidc_refused', 'The provider gave no verified e-mail address.')
    if (!allowedDomains.some((allowed) => allowed.toLowerCase() === domain))
      return no('oidc_refused', `Addresses at ${cleanName(domain)} may not sign in here.`)
  }
  const given = roleClaim === null ? [] : claimValues(claims, roleClaim)
  const granted = given.flatMap((value) => (Object.hasOwn(roles, value) ? [roles[value]] : []))
  const role = ROLES.findLast((r) => granted.includes(r)) ?? null
  const firstRole = role ?? defaultRole
  if (firstRole === null)
    return no('oidc_refused', 'The provider gives you no role here. Ask an administrator of it.')
  const names = [email, claims.preferred_username, claims.name, subject]
  const name = names.find((text) => typeof text === 'string' && cleanName(text) !== '') as string
  // where the provider decides roles, one that is gone there is gone here
  const decided = roleClaim === null ? null : firstRole
  return ok({ issuer, subject, name: cleanName(name), role: decided, firstRole, next })
}

/** Strings of a claim: named as it is (names may have dots), else by a path into objects. */
function claimValues(claims: Readonly<Record<string, unknown>>, name: string): string[] {
  const value = Object.hasOwn(claims, name)
    ? claims[name]
    : name
        .split('.')
        .reduce<unknown>(
          (at, key) =>
            typeof at === 'object' && at !== null && Object.hasOwn(at, key)
              ? (at as Record<string, unknown>)[key]
              : undefined,
          claims,
        )
  const values = Array.isArray(value) ? value.slice(0, 1_000) : [value]
  return values.filter((v) => typeof v === 'string')
}

/** What goes wrong between us and the provider is told as its kind; the details are for the log. */
async function answered<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return ok(await work())
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (error instanceof client.AuthorizationResponseError)
      return no('oidc_refused', `The provider did not let you in (${cleanName(error.error)}).`)
    const what = 'code' in error ? String(error.code) : error.name
    return no('oidc_failed', `Signing in at the provider failed (${cleanName(what)}).`)
  }
}
