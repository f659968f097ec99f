import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { ROLES, type Role } from '../desk/access/user.js'

export { ROLES, type Role }

/** Who acts: a signed-in user, or an API key with the scope admin. */
export interface Actor {
  /** for the audit log: `user:<id>` or `key:<id>` */
  id: string
  /** for people */
  name: string
  role: Role
  kind: 'user' | 'key'
}

/** Lets in users of at least this role, and API keys with the scope admin. */
export type Allow = (role: Role) => onRequestHookHandler

declare module 'fastify' {
  interface FastifyRequest {
    /** who acts on a route behind `allow` */
    actor: Actor | null
  }
}

/** The actor of a route behind `allow`. */
export function actorOf(request: Pick<FastifyRequest, 'actor'>): Actor {
  if (!request.actor) throw new Error('a handler that needs an actor is on a route without allow()')
  return request.actor
}

export const atLeast = (role: Role, wanted: Role): boolean =>
  ROLES.indexOf(role) >= ROLES.indexOf(wanted)

/** Viewers see masked numbers. */
export const seesNumbers = (request: Pick<FastifyRequest, 'actor'>): boolean =>
  atLeast(actorOf(request).role, 'analyst')
