import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { readAddress } from '../network/address.js'
import { isPublicAddress } from './public-address.js'

/** `code` of errors of connections that the guard refused: not a byte has left. */
export const NOT_PUBLIC = 'ERR_NOT_PUBLIC'

/** Time that `find` gives a name, ms: a slow name server stops no gateway from starting. */
const LOOK_MS = 2_000

export interface GuardOptions {
  /** private networks, and plain http, are allowed */
  allowPrivate: boolean
  /** how that is allowed, for whoever must: `allowPrivate: true beside the url` */
  setting: string
  /** @default the system's */
  lookup?: typeof systemLookup
}

/** Keeps requests of the gateway out of private networks, unless the deployment allows them there. */
export interface Guard {
  /** What is wrong with a URL as it is written, in words for the operator; `null` when it may be tried. */
  problem(url: string): string | null
  /** For whatever connects: the address that is connected to is judged, of each name each time. */
  connect: { lookup?: LookupFunction; autoSelectFamily?: true }
  /** Where the name in a URL leads now; `private` is what connections would be refused for. */
  find(url: string): Promise<{ at: 'public' | 'private' | 'unknown'; says: string }>
}

/**
 * A gateway would otherwise be asked to knock at the metadata service of its cloud, or at whatever listens beside it. A name
 * may answer otherwise the second time (DNS rebinding), so that it is not looked up first and connected to afterwards.
 */
export function createGuard(options: GuardOptions): Guard {
  const { allowPrivate, setting, lookup = systemLookup } = options
  const inside = (host: string): string => `${host} is in a private network, which needs ${setting}`

  const publicOnly: LookupFunction = (name, { family, hints }, done) => {
    lookup(name, { family, hints, all: true } as { all: true }, (error, addresses) => {
      if (error) return done(error, '', 4)
      const usable = addresses.filter(({ address }) => isPublicAddress(address))
      const [first] = usable
      if (first === undefined)
        return done(Object.assign(new Error(inside(name)), { code: NOT_PUBLIC }), '', 4)
      done(null, usable as unknown as string, first.family)
    })
  }

  function problem(text: string): string | null {
    const url = URL.canParse(text) ? new URL(text) : null
    if (url === null || !/^https?:$/.test(url.protocol))
      return 'give a URL that begins with https://'
    if (url.username !== '' || url.password !== '') return 'leave user and password out of the URL'
    if (allowPrivate) return null
    const host = hostOf(url)
    // addresses are connected to without a look-up
    if (isOwnName(host) || (readAddress(host) !== null && !isPublicAddress(host)))
      return inside(host)
    return url.protocol === 'https:'
      ? null
      : `give a URL that begins with https:// (http:// needs ${setting})`
  }

  return {
    problem,
    connect: allowPrivate ? {} : { lookup: publicOnly, autoSelectFamily: true },
    async find(text) {
      const wrong = problem(text)
      if (wrong !== null) return { at: 'private', says: wrong }
      const host = hostOf(new URL(text))
      const found = await new Promise<LookupAddress[] | string>((resolve) => {
        const timer = setTimeout(() => resolve('no name server answers'), LOOK_MS)
        lookup(host, { all: true }, (error, addresses) => {
          clearTimeout(timer)
          resolve(error ? (error.code ?? error.message) : addresses)
        })
      })
      if (typeof found === 'string')
        return { at: 'unknown', says: `${host} cannot be found (${found})` }
      const [first] = found
      return allowPrivate || found.some(({ address }) => isPublicAddress(address))
        ? { at: 'public', says: host }
        : { at: 'private', says: inside(`${host} (${first?.address ?? 'no address'})`) }
    },
  }
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

/** Names that every resolver answers with this machine (RFC 6761, section 6.3). */
const isOwnName = (host: string): boolean => /(^|\.)localhost\.?$/.test(host)
