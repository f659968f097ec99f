import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { readCookie, writeCookie } from '../../desk/access/cookie.js'
import type { SignedIn } from '../../desk/access/entrance.js'
import { CALLBACK_PATH, OIDC_MS } from '../../desk/access/oidc.js'
import type { Site } from '../../desk/access/site.js'
import { browserOf } from '../access-hook.js'
import { Refusal } from '../refusal.js'
import type { App } from '../wiring.js'
import type { createAttempts } from './attempts.js'
import type { ConsoleWiring } from './routes.js'

interface OidcDoor {
  attempts: ReturnType<typeof createAttempts>
  /** @throws Refusal for a request from elsewhere */
  start: (request: FastifyRequest) => Site
  welcome: (
    request: FastifyRequest,
    reply: FastifyReply,
    site: Site,
    signedIn: SignedIn,
  ) => Promise<unknown>
}

/** Sign-in at the organisation's provider. The browser comes here by itself, not our script: what fails is told by the sign-in page. */
export function oidcRoutes(app: App, { desk }: ConsoleWiring, door: OidcDoor): void {
  const { access } = desk
  const { oidc, entrance } = access

  // Only the code: words in a link would let anybody put theirs on our page.
  const back = (reply: FastifyReply, { code }: { code: string }) =>
    reply.redirect(`/sign-in?problem=${code}`, 303)

  app.get(
    '/v1/console/oidc/start',
    {
      schema: {
        hide: true,
        querystring: Type.Object(
          { next: Type.Optional(Type.String({ maxLength: 512 })) },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      if (oidc === null) throw new Refusal('not_found', 'No provider is configured (console.oidc).')
      const site = door.start(request)
      door.attempts.begin(request)
      const started = await oidc.start(site, request.query.next ?? '/')
      if (!started.ok) return back(reply, started.error)
      const { url, attempt } = started.value
      reply.header('set-cookie', writeCookie(site, 'oidc', attempt, OIDC_MS))
      return reply.redirect(url, 303)
    },
  )

  app.get(
    CALLBACK_PATH,
    {
      schema: {
        hide: true,
        querystring: Type.Record(Type.String(), Type.String({ maxLength: 4_096 })),
      },
    },
    async (request, reply) => {
      if (oidc === null) throw new Refusal('not_found', 'No provider is configured (console.oidc).')
      const site = door.start(request)
      const attempt = readCookie(request.headers.cookie, 'oidc', site)
      const query = request.url.slice(request.url.indexOf('?') + 1)
      const signedIn = await door.attempts.prove(request, () =>
        entrance.withProvider(site, attempt, query, browserOf(request)),
      )
      reply.header('set-cookie', writeCookie(site, 'oidc', '', 0))
      if (!signedIn.ok) return back(reply, signedIn.error)
      await door.welcome(request, reply, site, signedIn.value)
      // A redirect would still count as coming from the provider's site, and leave the new Strict cookie behind.
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
        .header('referrer-policy', 'no-referrer')
        .send(bounce(signedIn.value.next))
    },
  )
}

/** @param path of ours */
function bounce(path: string): string {
  const to = path.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${to}"><title>Signed in</title><a href="${to}">Go on to the console</a>`
}
