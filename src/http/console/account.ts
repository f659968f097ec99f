import { Type } from '@sinclair/typebox'
import { readCookie, writeCookie } from '../../desk/access/cookie.js'
import { STEP_MS } from '../../desk/access/passkeys.js'
import { actorOf } from '../access.js'
import { freshly, granted, ownPage, presentOf, userOf } from '../access-hook.js'
import { problems } from '../schema.js'
import type { MeView } from './access-view.js'
import type { ConsoleRoutes } from './routes.js'
import { showSession } from './session-show.js'
import { Attestation, body, CredentialId, Digest, MaybeName, Name, view } from './sign-in-schema.js'

/** What everybody who is signed in does with their own access. */
export const account: ConsoleRoutes = (app, { allow, desk, clock }) => {
  const { access } = desk
  const { administration } = access
  const onRequest = allow('viewer')
  const fresh = [onRequest, freshly(clock)]
  const hide = true
  const done = { hide, response: { 204: Type.Null(), ...problems } }

  app.get(
    '/v1/console/me',
    { onRequest, schema: { hide, response: { 200: view<MeView>(), ...problems } } },
    async (request) => {
      const { user, session } = presentOf(request)
      const sessions = await access.sessions.list(user.id)
      return {
        id: user.id,
        name: user.name,
        role: user.role,
        provider: user.identity === null ? null : new URL(user.identity.issuer).host,
        passkeys: user.passkeys.map(({ id, name, synced, createdAt, lastUsedAt }) => ({
          id,
          name,
          synced,
          createdAt,
          lastUsedAt,
        })),
        recoveryCodesLeft: await access.recovery.left(user.id),
        sessions: sessions.map((open) => showSession(open, session.id)),
      }
    },
  )

  app.post(
    '/v1/console/me/passkeys/options',
    { onRequest: fresh, schema: { hide, response: { 200: view<object>(), ...problems } } },
    async (request, reply) => {
      const site = ownPage(access, request)
      const { options, step } = granted(await administration.askPasskey(site, userOf(request)))
      reply.header('set-cookie', writeCookie(site, 'step', step, STEP_MS))
      return options
    },
  )

  app.post(
    '/v1/console/me/passkeys',
    {
      onRequest: fresh,
      schema: { ...done, body: body({ name: MaybeName, response: Attestation }) },
    },
    async (request, reply) => {
      const site = ownPage(access, request)
      const { name, response } = request.body
      const step = readCookie(request.headers.cookie, 'step', site)
      granted(await administration.addPasskey(site, userOf(request), step, response, name))
      reply.header('set-cookie', writeCookie(site, 'step', '', 0))
      return reply.code(204).send(null)
    },
  )

  app.patch(
    '/v1/console/me/passkeys/:id',
    {
      onRequest,
      schema: { ...done, params: Type.Object({ id: CredentialId }), body: body({ name: Name }) },
    },
    async (request, reply) => {
      const { id } = request.params
      granted(await administration.renamePasskey(userOf(request), id, request.body.name))
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/v1/console/me/passkeys/:id',
    { onRequest, schema: { ...done, params: Type.Object({ id: CredentialId }) } },
    async (request, reply) => {
      granted(await administration.removePasskey(userOf(request), request.params.id))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/console/me/recovery-codes',
    {
      onRequest: fresh,
      schema: { hide, response: { 201: view<{ recoveryCodes: string[] }>(), ...problems } },
    },
    async (request, reply) => {
      const recoveryCodes = granted(await administration.makeRecoveryCodes(userOf(request)))
      reply.code(201)
      return { recoveryCodes }
    },
  )

  app.delete(
    '/v1/console/me/sessions/:id',
    { onRequest, schema: { ...done, params: Type.Object({ id: Digest }) } },
    async (request, reply) => {
      const user = userOf(request)
      granted(await administration.endSession(actorOf(request).id, user, request.params.id))
      return reply.code(204).send(null)
    },
  )

  // everywhere else, and here too unless `?but=this`
  app.delete(
    '/v1/console/me/sessions',
    {
      onRequest,
      schema: {
        ...done,
        querystring: Type.Object(
          { but: Type.Optional(Type.Literal('this')) },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const { user, session } = presentOf(request)
      const keep = request.query.but === 'this' ? session.id : undefined
      await administration.endSessions(actorOf(request).id, user, keep)
      if (keep === undefined)
        reply.header('set-cookie', writeCookie(ownPage(access, request), 'session', '', 0))
      return reply.code(204).send(null)
    },
  )
}
