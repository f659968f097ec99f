import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { KeyRing, Principal } from './key-ring.js'
import type { Scope } from './keys.js'
import { Refusal } from './refusal.js'
import { needs } from './scope-needed.js'

/** Key under which a source's failed attempts are counted: a v6 client owns its whole /64. */
export type SourceKey = (ip: string) => string

/** Hook that lets in keys with the scope, within their bound of requests. */
export function requireScope(
  ring: KeyRing,
  scope: Scope,
  options: { clock: () => number; sourceKey: SourceKey },
): onRequestHookHandler {
  const admit = (
    request: FastifyRequest,
    reply: FastifyReply,
    principal: Principal,
  ): Refusal | undefined => {
    const now = options.clock()
    const wait = principal.bucket.take(now)
    if (wait > 0) {
      const { perSecond } = principal.bucket
      reply.header('ratelimit-policy', `"key";q=${perSecond};w=1`)
      reply.header('ratelimit', `"key";r=0;t=${Math.ceil(wait / 1000)}`)
      return new Refusal(
        'rate_limited',
        `More than ${perSecond} requests a second with this key.`,
        {
          retryAt: now + wait,
        },
      )
    }
    if (!principal.scopes.has(scope) && !principal.scopes.has('*')) {
      return new Refusal('forbidden', `This route needs a key with the scope ${scope}.`)
    }
    request.principal = principal
    return undefined
  }

  const hook: onRequestHookHandler = (request, reply, done) => {
    const { authorization } = request.headers
    const known = ring.recall(authorization)
    if (known) return done(admit(request, reply, known))
    ring.prove(authorization, options.sourceKey(request.ip)).then(
      (principal) => done(admit(request, reply, principal)),
      (error) => {
        if (error instanceof Refusal && error.code === 'unauthenticated') {
          reply.header('www-authenticate', 'Basic realm="tollgate", charset="UTF-8"')
        }
        done(error)
      },
    )
  }
  return needs(hook, scope)
}
