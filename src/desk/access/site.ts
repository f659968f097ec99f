import { isIP } from 'node:net'
import { no, type Outcome, ok } from './faults.js'

/** The site under which a browser shows the console. */
export interface Site {
  /** scheme, host and port */
  origin: string
  /** https: cookies are Secure and bound to the host */
  secure: boolean
}

/** Where a request comes from and was sent to, as its headers have it. */
export interface Asked {
  /** the header Origin */
  origin: string | undefined
  /** the header Host (or X-Forwarded-Host of a trusted proxy) */
  host: string
  /** the header Sec-Fetch-Site */
  fetchSite: string | undefined
  /** https where a trusted proxy or the socket says so */
  protocol: string
}

const originOf = (text: string): URL | null => {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && /^https?:$/.test(url.protocol) ? url : null
}

const unbracketed = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1')

/** This machine itself: no name that somebody else's DNS can point here. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)

/** @param host with or without a port */
export const hostnameOf = (host: string): string => originOf(`http://${host}`)?.hostname ?? ''

/**
 * The site that a request came from, if it is our own: that of publicUrl; or the host that was asked, where there is
 * no publicUrl or the host is this machine (a tunnel to it). An Origin that fits neither is another site's page, which
 * uses the cookies of a signed-in browser.
 */
export function ownSite(asked: Asked, publicUrl: string | null): Outcome<Site> {
  const configured = publicUrl === null ? null : originOf(publicUrl)
  const here = originOf(`${asked.protocol}://${asked.host}`)
  const hostIsOurs = here !== null && (configured === null || isLoopback(here.hostname))
  if (asked.origin === undefined) {
    // browsers leave Origin out of requests for reading; those that write come from our own page or not at all
    if (configured !== null && !(hostIsOurs && asked.fetchSite === 'same-origin'))
      return ok(siteAt(configured))
    return here === null ? refused(asked, publicUrl) : ok(siteAt(here))
  }
  const from = originOf(asked.origin)
  if (from === null) return refused(asked, publicUrl)
  if (from.origin === configured?.origin) return ok(siteAt(from))
  // The scheme is the browser's: a proxy that ends TLS and is not trusted leaves http here.
  if (hostIsOurs && from.host === hostOf(here, from.protocol)) return ok(siteAt(from))
  return refused(asked, publicUrl)
}

/** Host and port as the other scheme writes them: without the port that goes without saying. */
const hostOf = (url: URL, protocol: string): string =>
  originOf(`${protocol}//${url.host}`)?.host ?? url.host

const siteAt = (url: URL): Site => ({ origin: url.origin, secure: url.protocol === 'https:' })

const refused = ({ origin = 'none' }: Asked, publicUrl: string | null) =>
  no(
    'foreign_origin',
    publicUrl === null
      ? `The request comes from ${shown(origin)}, which is not where this console is served. Behind a proxy, set server.publicUrl to the address people use.`
      : `The request comes from ${shown(origin)}. Open the console under ${publicUrl} (server.publicUrl).`,
  )

const shown = (origin: string): string => JSON.stringify(origin.slice(0, 100))

/** The relying party of passkeys: the host's name. Browsers give passkeys to names only, and over https or on localhost. */
export function relyingParty(site: Site): Outcome<string> {
  const { hostname, port } = new URL(site.origin)
  if (isIP(unbracketed(hostname)) !== 0) {
    const mend = isLoopback(hostname)
      ? `open http://localhost${port === '' ? '' : `:${port}`} instead`
      : 'set server.publicUrl to an https:// address with a name, and open that'
    return no(
      'passkey_unavailable',
      `Browsers give no passkeys to an IP address (${hostname}): ${mend}.`,
    )
  }
  if (!site.secure && hostname !== 'localhost' && !hostname.endsWith('.localhost'))
    return no(
      'passkey_unavailable',
      `Browsers give passkeys to https:// addresses only, and this is ${site.origin}: put TLS before the gateway and set server.publicUrl.`,
    )
  return ok(hostname)
}
