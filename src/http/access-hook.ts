import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import type { Access, Present } from '../desk/access/access.js'
import { readCookie } from '../desk/access/cookie.js'
import type { AccessError, Outcome } from '../desk/access/faults.js'
import type { Browser } from '../desk/access/sessions.js'
import type { Asked, Site } from '../desk/access/site.js'
import type { KnownUser } from '../desk/access/user.js'
import { MINUTE } from '../engine/units.js'
import { type Allow, atLeast, type Role } from './access.js'
import { Refusal } from './refusal.js'
import { needs } from './scope-needed.js'
import { sourceKey } from './source.js'
import type { Wiring } from './wiring.js'

/** A header that only our own pages send: a form of another site cannot, and a script of one must ask first, in vain. */
const CONSOLE_HEADER = 'x-tollgate-console'
/** Whole seconds since a person last used the page: what it reads by itself keeps no session alive. */
const IDLE_HEADER = 'x-tollgate-idle'

declare module 'fastify' {
  interface FastifyRequest {
    /** the user who is signed in, and their session; `null` for API keys and outside `allow` */
    present: Present | null
  }
}

const one = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header

/** Where a request comes from, as its headers have it. */
export const askedOf = (request: FastifyRequest): Asked & { cookie: string | undefined } => ({
  origin: request.headers.origin,
  host: request.host,
  fetchSite: one(request.headers['sec-fetch-site']),
  protocol: request.protocol,
  cookie: request.headers.cookie,
})

/** What the audit log and the list of sessions know a browser by. */
export const browserOf = (request: FastifyRequest): Browser => ({
  source: sourceKey(request.ip),
  userAgent: request.headers['user-agent'] ?? null,
})

/** The value of an expected outcome. @throws Refusal */
export function granted<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw refusalFor(outcome.error)
}

const refusalFor = ({ code, message }: AccessError): Refusal => new Refusal(code, message)

const READING = new Set(['GET', 'HEAD'])

/**
 * The console's own site. What changes something must come from our own page: it has the header that only our script
 * sends, and the browser's word for its origin. @throws Refusal
 */
export function ownPage(access: Pick<Access, 'site'>, request: FastifyRequest): Site {
  const asked = askedOf(request)
  const site = granted(access.site(asked))
  if (READING.has(request.method)) return site
  if (one(request.headers[CONSOLE_HEADER]) !== '1')
    throw new Refusal('foreign_origin', `The header ${CONSOLE_HEADER}: 1 is missing.`)
  if (asked.origin === undefined && asked.fetchSite !== 'same-origin')
    throw new Refusal('foreign_origin', 'The browser does not say where the request comes from.')
  return site
}

/** When a person last used the page, Unix ms; `null` for a stream, which the page opens by itself. */
function usedAt(request: FastifyRequest, now: number): number | null {
  if (request.headers.accept?.startsWith('text/event-stream')) return null
  const idle = one(request.headers[IDLE_HEADER])
  return idle !== undefined && /^\d{1,6}$/.test(idle) ? now - Number(idle) * 1000 : now
}

/** Lets in users of at least a role by their session, and API keys with the scope admin. */
export function createAllow({
  access,
  guard,
  clock,
}: Pick<Wiring, 'guard' | 'clock'> & { access: Access }): Allow {
  const byKey = allowKeys(guard)

  async function bySession(request: FastifyRequest, role: Role): Promise<void> {
    const site = ownPage(access, request)
    const token = readCookie(request.headers.cookie, 'session', site)
    const present =
      (token === undefined ? null : await access.present(token, usedAt(request, clock()))) ??
      access.guestAt(askedOf(request))
    if (present === null) throw new Refusal(token === undefined ? 'signed_out' : 'session_expired')
    const { user } = present
    if (!atLeast(user.role, role))
      throw new Refusal(
        'role_required',
        `This needs the role ${role}; ${user.name} is ${user.role}.`,
      )
    request.present = present
    request.actor = { id: `user:${user.id}`, name: user.name, role: user.role, kind: 'user' }
  }

  return (role) => {
    const admitKey = byKey(role)
    const hook: onRequestHookHandler = function (request, reply, done) {
      // A request with a key is a program's. One with neither key nor sign of a page is told of keys, as ever.
      const { authorization, cookie } = request.headers
      const page = request.url.startsWith('/v1/console') || request.headers[CONSOLE_HEADER]
      if (authorization !== undefined || !(page || cookie?.includes('tollgate_session='))) {
        // A browser that was asked for a key once sends it along with whatever another site's form posts.
        const site = request.headers.origin === undefined ? null : access.site(askedOf(request))
        if (site?.ok === false) return done(refusalFor(site.error))
        return void admitKey.call(this, request, reply, done)
      }
      bySession(request, role).then(() => done(), done)
    }
    return needs(hook, 'admin')
  }
}

/** API keys with the scope admin act as administrators. */
export function allowKeys(guard: Wiring['guard']): Allow {
  const admit = guard('admin')
  const hook: onRequestHookHandler = function (request, reply, done) {
    admit.call(this, request, reply, (error) => {
      const { principal } = request
      if (principal !== null)
        request.actor = {
          id: `key:${principal.id}`,
          name: principal.id,
          role: 'admin',
          kind: 'key',
        }
      done(error)
    })
  }
  return () => needs(hook, 'admin')
}

/**
 * What makes new ways in (passkeys, codes, links, keys) needs a user who has just shown who they are: a session that
 * somebody stole, or a screen left open, must not become one that lasts. Keys of programs are shown with every request.
 */
const FRESH_MS = 15 * MINUTE
export function freshly(clock: () => number): onRequestHookHandler {
  return (request, _reply, done) => {
    const signedInAt = request.present?.session.createdAt
    const stale = signedInAt !== undefined && clock() - signedInAt >= FRESH_MS
    done(stale ? new Refusal('sign_in_again') : undefined)
  }
}

/** The user of a route behind `allow`. @throws Refusal for API keys */
export function presentOf(request: Pick<FastifyRequest, 'present'>): Present {
  if (request.present === null) throw new Refusal('user_required')
  return request.present
}

export const userOf = (request: Pick<FastifyRequest, 'present'>): KnownUser =>
  presentOf(request).user
