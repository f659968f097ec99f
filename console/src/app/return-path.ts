/**
 * Where sign-in leads back to. Only a path of this site: what another site puts into the address must lead nowhere else
 * (open redirect). A second slash or a backslash would make it another host.
 */
export function safePath(wanted: string | null): string {
  if (wanted === null || !/^\/(?![/\\])[\x21-\x7e]*$/.test(wanted)) return '/'
  const { origin, pathname, search, hash } = new URL(wanted, 'http://here.invalid')
  // dots that lead upwards may leave two slashes at the beginning
  const away = origin !== 'http://here.invalid' || pathname.startsWith('//')
  if (away || pathname.startsWith('/sign-in')) return '/'
  return `${pathname}${search}${hash}`
}

/** The sign-in page that leads back to a path. */
export const signInPath = (from: string): string =>
  safePath(from) === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(safePath(from))}`
