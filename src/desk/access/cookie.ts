import type { Site } from './site.js'

/** `session`: who is signed in. `step`: a passkey attempt under way. `oidc`: a sign-in at the organisation's provider under way. */
export type CookieName = 'session' | 'step' | 'oidc'

/** With https the name's prefix makes browsers refuse it from any other host or over plain http. */
const named = (name: CookieName, secure: boolean): string =>
  `${secure ? '__Host-' : ''}tollgate_${name}`

/** Values of ours are base64url: nothing in them needs quoting, and nothing else is one of ours. */
const VALUE = /^[A-Za-z0-9_-]*$/

/** The first cookie of a name in a header (RFC 6265, section 5.4): the one with the longest path. */
function cookieOf(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue
    const value = pair.slice(equals + 1).trim()
    return VALUE.test(value) ? value : undefined
  }
  return undefined
}

/** The value of a cookie of ours. Under https only the one that came over https: the plain one anybody on the way could have set. */
export function readCookie(
  header: string | undefined,
  name: CookieName,
  site: Pick<Site, 'secure'>,
): string | undefined {
  if (header === undefined) return undefined
  const bound = cookieOf(header, named(name, true))
  // behind a proxy that ends TLS and is not trusted, reading looks like plain http: both names are tried
  return bound ?? (site.secure ? undefined : cookieOf(header, named(name, false)))
}

/** @param value base64url, or '' @param maxAgeMs 0 takes it away */
export function writeCookie(
  site: Pick<Site, 'secure'>,
  name: CookieName,
  value: string,
  maxAgeMs: number,
): string {
  if (!VALUE.test(value)) throw new Error(`the cookie ${name} would have to be quoted`)
  // The provider sends the browser back from another site, which Strict cookies do not survive.
  const sameSite = name === 'oidc' ? 'Lax' : 'Strict'
  const parts = [
    `${named(name, site.secure)}=${value}`,
    `Max-Age=${Math.floor(maxAgeMs / 1000)}`,
    'Path=/',
    'HttpOnly',
    `SameSite=${sameSite}`,
  ]
  return (site.secure ? [...parts, 'Secure'] : parts).join('; ')
}
