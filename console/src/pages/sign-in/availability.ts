/** Where the page is, as far as passkeys depend on it. */
export interface Place {
  hostname: string
  port: string
  /** a secure context: https, or localhost */
  secure: boolean
  /** the browser has the API */
  capable: boolean
}

/**
 * Why this browser has no passkeys here, and what to do; `null` when it has. Browsers give them to names only, never to
 * IP addresses, and over https or on localhost only.
 */
export function noPasskeys(place: Place, publicUrl: string | null): string | null {
  const { hostname, port, secure, capable } = place
  const elsewhere = publicUrl === null ? null : new URL(publicUrl)
  if (elsewhere !== null && elsewhere.hostname !== hostname && hostname !== 'localhost')
    return `Passkeys belong to ${elsewhere.origin}. Open the console there.`
  if (/^127(\.\d+){3}$/.test(hostname) || hostname === '[::1]')
    return `Browsers give no passkeys to ${hostname}. Open http://localhost${port === '' ? '' : `:${port}`} instead.`
  if (/^[\d.]+$|^\[/.test(hostname))
    return 'Browsers give no passkeys to an IP address. Put the gateway behind an https:// address with a name, and set server.publicUrl to it.'
  if (!secure)
    return 'Browsers give passkeys to https:// addresses only. Put TLS before the gateway, and set server.publicUrl to that address.'
  if (!capable) return 'This browser has no passkeys. Use a current one.'
  return null
}

export const here = (): Place => ({
  hostname: location.hostname,
  port: location.port,
  secure: window.isSecureContext,
  capable: 'PublicKeyCredential' in window,
})
