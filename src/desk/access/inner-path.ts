/**
 * Where to go after signing in, if that is a page of ours: a path from the root. Anything that a browser could take
 * for another site (`//host`, `/\host`, a scheme, control characters that it drops) is the root instead.
 */
export function innerPath(next: string | null | undefined): string {
  if (typeof next !== 'string' || next.length > 512) return '/'
  if (!/^\/(?![/\\])[^\\\s\p{Cc}]*$/u.test(next)) return '/'
  // a path of dots could end up as `//host` once a browser has resolved it
  const { origin, pathname, search, hash } = new URL(next, 'http://inner.invalid')
  if (origin !== 'http://inner.invalid' || pathname.startsWith('//')) return '/'
  // the API is no page: a link to it would show JSON, or download something
  if (/^\/(v1|v2|sign-in)(\/|$)/.test(pathname)) return '/'
  return pathname + search + hash
}
