import type { Access } from '../desk/access/access.js'
import { firstAdminLink } from '../desk/access/first-admin.js'
import { linkUrl } from '../desk/access/links.js'
import { isLoopback } from '../desk/access/site.js'

/** The console's address for a browser on this machine: no browser gives passkeys to 127.0.0.1. @param url an origin */
export function consoleAddress(url: string): string {
  const { hostname, port } = new URL(url)
  return isLoopback(hostname) ? `http://localhost${port === '' ? '' : `:${port}`}` : url
}

/**
 * The link that makes the first administrator, new with every start while there is no user. Made once the server
 * listens, as the first key is.
 */
export async function firstAdmin({
  access,
  origin,
}: {
  access: Pick<Access, 'users' | 'links'>
  /** of the console, without a slash at its end */
  origin: string
}): Promise<{ link: string; expiresAt: number } | null> {
  const made = await firstAdminLink(access, 'start')
  return made === null ? null : { link: linkUrl(origin, made.token), expiresAt: made.expiresAt }
}
