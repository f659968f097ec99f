import { fastifyCookie } from '@fastify/cookie'
import type { Site } from './site.js'

/** `session`: who is signed in. `step`: a passkey attempt under way. `oidc`: a sign-in at the organisation's provider under way. */
export type CookieName = 'session' | 'step' | 'oidc'

/** With https the name's prefix makes browsers refuse it from any other host or over plain http. */
const named = (name: CookieName, secure: boolean): string =>
  `${secure ? '__Host-' : ''}tollgate_${name}`

/** The value of a cookie of ours. Under https only the one that came over https: the plain one anybody on the way could have set. */
export function readCookie(
  header: string | undefined,
  name: CookieName,
  site: Pick<Site, 'secure'>,
): string | undefined {
  if (header === undefined) return undefined
  const cookies = fastifyCookie.parse(header)
  // behind a proxy that ends TLS and is not trusted, reading looks like plain http: both names are tried
  return cookies[named(name, true)] ?? (site.secure ? undefined : cookies[named(name, false)])
}

/** @param maxAgeMs 0 takes it away */
export function writeCookie(site: Site, name: CookieName, value: string, maxAgeMs: number): string {
  return fastifyCookie.serialize(named(name, site.secure), value, {
    path: '/',
    httpOnly: true,
    secure: site.secure,
    // The provider sends the browser back from another site, which Strict cookies do not survive.
    sameSite: name === 'oidc' ? 'lax' : 'strict',
    maxAge: Math.floor(maxAgeMs / 1000),
  })
}
