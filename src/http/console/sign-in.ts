import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type CookieName, readCookie, writeCookie } from '../../desk/access/cookie.js'
import type { SignedIn } from '../../desk/access/entrance.js'
import { STEP_MS } from '../../desk/access/passkeys.js'
import type { Site } from '../../desk/access/site.js'
import { cleanName } from '../../desk/access/user.js'
import { askedOf, browserOf, granted, ownPage } from '../access-hook.js'
import { invalid } from '../refusal.js'
import { problems } from '../schema.js'
import type { LinkView, SignedInView } from './access-view.js'
import { createAttempts } from './attempts.js'
import { oidcRoutes } from './oidc.js'
import type { ConsoleRoutes } from './routes.js'
import { Assertion, Attestation, body, MaybeName, Token, view } from './sign-in-schema.js'

/** Ways in, for those whom nobody knows yet: no `allow`, but our own page only, and few attempts. */
export const signIn: ConsoleRoutes = (app, wiring) => {
  const { clock } = wiring
  const { access } = wiring.desk
  const { entrance, sessions } = access
  const attempts = createAttempts(clock)

  const give = (
    reply: FastifyReply,
    site: Site,
    name: CookieName,
    value: string,
    maxAgeMs: number,
  ) => void reply.header('set-cookie', writeCookie(site, name, value, maxAgeMs))
  const cookie = (request: FastifyRequest, name: CookieName, site: Site) =>
    readCookie(request.headers.cookie, name, site)

  /** A session of its own for who has just signed in; the one that the browser had before is over. */
  async function welcome(
    request: FastifyRequest,
    reply: FastifyReply,
    site: Site,
    { user, token }: SignedIn,
  ): Promise<SignedInView['user']> {
    const before = cookie(request, 'session', site)
    if (before !== undefined) await sessions.endToken(before)
    give(reply, site, 'session', token, sessions.lifetimeMs)
    give(reply, site, 'step', '', 0)
    const { id, name, role } = user
    return { id, name, role }
  }

  const hide = true
  // before the body is looked at: what another site's page sends is nobody's business
  const onRequest = async (request: FastifyRequest): Promise<void> => {
    ownPage(access, request)
  }

  app.post(
    '/v1/console/sign-in/options',
    { onRequest, schema: { hide, response: { 200: view<object>(), ...problems } } },
    async (request, reply) => {
      const site = ownPage(access, request)
      attempts.begin(request)
      const { options, step } = granted(await access.passkeys.askSignIn(site))
      give(reply, site, 'step', step, STEP_MS)
      return options
    },
  )

  app.post(
    '/v1/console/sign-in',
    {
      onRequest,
      schema: {
        hide,
        body: body({ response: Assertion }),
        response: { 200: view<SignedInView>(), ...problems },
      },
    },
    async (request, reply) => {
      const site = ownPage(access, request)
      const { response } = request.body
      const step = cookie(request, 'step', site)
      const signedIn = granted(
        await attempts.prove(request, () =>
          entrance.withPasskey(site, step, response, browserOf(request)),
        ),
      )
      return { user: await welcome(request, reply, site, signedIn), recoveryCodes: null }
    },
  )

  app.post(
    '/v1/console/sign-in/recovery',
    {
      onRequest,
      schema: {
        hide,
        body: body({ code: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: { 200: view<SignedInView>(), ...problems },
      },
    },
    async (request, reply) => {
      const site = ownPage(access, request)
      const { code } = request.body
      const signedIn = granted(
        await attempts.prove(request, () => entrance.withRecovery(code, browserOf(request))),
      )
      return { user: await welcome(request, reply, site, signedIn), recoveryCodes: null }
    },
  )

  // The token is in the body and never in a path: paths are written down by proxies.
  app.post(
    '/v1/console/link',
    {
      onRequest,
      schema: {
        hide,
        body: body({ token: Token }),
        response: { 200: view<LinkView>(), ...problems },
      },
    },
    async (request) => {
      ownPage(access, request)
      const { token } = request.body
      const { purpose, name, role, expiresAt } = granted(
        await attempts.prove(request, () => entrance.lookAtLink(token, browserOf(request))),
      )
      return { purpose, name, role, expiresAt }
    },
  )

  app.post(
    '/v1/console/link/options',
    {
      onRequest,
      schema: {
        hide,
        body: body({ token: Token, name: MaybeName }),
        response: { 200: view<object>(), ...problems },
      },
    },
    async (request, reply) => {
      const site = ownPage(access, request)
      const { token } = request.body
      const { options, step } = granted(
        await attempts.prove(request, () =>
          entrance.askThroughLink(site, token, nameOf(request.body.name)),
        ),
      )
      give(reply, site, 'step', step, STEP_MS)
      return options
    },
  )

  app.post(
    '/v1/console/link/redeem',
    {
      onRequest,
      schema: {
        hide,
        body: body({
          token: Token,
          name: MaybeName,
          passkeyName: MaybeName,
          response: Attestation,
        }),
        response: { 200: view<SignedInView>(), ...problems },
      },
    },
    async (request, reply) => {
      const site = ownPage(access, request)
      const { token, response } = request.body
      const name = nameOf(request.body.name)
      const passkeyName = cleanName(request.body.passkeyName)
      const step = cookie(request, 'step', site)
      const given = { token, name, passkeyName, response }
      const signedIn = granted(
        await attempts.prove(request, () =>
          entrance.throughLink(site, step, given, browserOf(request)),
        ),
      )
      const { recoveryCodes } = signedIn
      return { user: await welcome(request, reply, site, signedIn), recoveryCodes }
    },
  )

  app.post(
    '/v1/console/sign-out',
    { onRequest, schema: { hide, response: { 204: Type.Null(), ...problems } } },
    async (request, reply) => {
      const site = ownPage(access, request)
      const token = cookie(request, 'session', site)
      const present = token === undefined ? null : await access.present(token, null)
      if (token !== undefined) await sessions.endToken(token)
      if (present !== null) {
        const who = `user:${present.user.id}`
        const detail = { name: present.user.name }
        await access.record({ actor: who, action: 'sign-out', target: who, detail })
      }
      give(reply, site, 'session', '', 0)
      return reply.code(204).send(null)
    },
  )

  oidcRoutes(app, wiring, {
    attempts,
    start: (request) => granted(access.site(askedOf(request))),
    welcome,
  })
}

/** @throws Refusal for a name with nothing to see in it */
function nameOf(given: string): string {
  const name = cleanName(given)
  if (name === '' && given !== '') throw invalid('/name', 'has no character that can be seen')
  return name === '' ? 'admin' : name
}
