import { Type } from '@sinclair/typebox'
import { linkUrl } from '../../desk/access/links.js'
import { actorOf, ROLES } from '../access.js'
import { askedOf, freshly, granted } from '../access-hook.js'
import { keysUnder } from '../admin/keys.js'
import { privacyUnder } from '../admin/privacy.js'
import { invalid, Refusal } from '../refusal.js'
import { problems, strings } from '../schema.js'
import type { LinkMadeView, SessionView, UsersView, UserView } from './access-view.js'
import { account } from './account.js'
import { audit } from './audit.js'
import type { ConsoleRoutes } from './routes.js'
import { showSession } from './session-show.js'
import { body, Digest, Name, UserId, view } from './sign-in-schema.js'

/** Users, invitations and everybody's sessions: for administrators. */
export const users: ConsoleRoutes = (app, wiring) => {
  const { allow, desk, clock } = wiring
  const { access } = desk
  const { administration } = access
  const onRequest = allow('admin')
  const fresh = [onRequest, freshly(clock)]
  const hide = true
  const params = Type.Object({ id: UserId })

  account(app, wiring)
  audit(app, wiring)
  keysUnder('/v1/console', true, app, wiring)
  privacyUnder('/v1/console', true, app, wiring)

  app.get(
    '/v1/console/users',
    { onRequest, schema: { hide, response: { 200: view<UsersView>(), ...problems } } },
    async () => {
      const known = await access.users.list()
      const shown = await Promise.all(
        known.map(
          async ({ passkeys, identity, ...user }): Promise<UserView> => ({
            ...user,
            passkeys: passkeys.length,
            recoveryCodesLeft: await access.recovery.left(user.id),
            sessions: (await access.sessions.list(user.id)).length,
            provider: identity === null ? null : new URL(identity.issuer).host,
          }),
        ),
      )
      const invitations = (await administration.invitations()).map(
        ({ id, name, role, by, createdAt, expiresAt }) => ({
          id,
          name,
          role,
          by,
          createdAt,
          expiresAt,
        }),
      )
      return { users: shown.sort((a, b) => a.name.localeCompare(b.name)), invitations }
    },
  )

  app.patch(
    '/v1/console/users/:id',
    {
      onRequest,
      schema: {
        hide,
        params,
        body: body({
          role: Type.Optional(strings(ROLES)),
          disabled: Type.Optional(Type.Boolean()),
        }),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { role, disabled } = request.body
      const by = actorOf(request).id
      // somebody who takes their own rights away cannot give them back
      if (by === `user:${id}`)
        throw new Refusal('conflict', 'Another administrator changes your role or disables you.')
      if (role === undefined && disabled === undefined)
        throw invalid('', 'gives neither role nor disabled')
      if (role !== undefined) granted(await administration.setRole(by, id, role))
      if (disabled !== undefined) granted(await administration.setDisabled(by, id, disabled))
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/v1/console/users/:id',
    { onRequest, schema: { hide, params, response: { 204: Type.Null(), ...problems } } },
    async (request, reply) => {
      const { id } = request.params
      const by = actorOf(request).id
      if (by === `user:${id}`) throw new Refusal('conflict', 'Another administrator deletes you.')
      granted(await administration.remove(by, id))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/console/users/:id/link',
    {
      onRequest: fresh,
      schema: { hide, params, response: { 201: view<LinkMadeView>(), ...problems } },
    },
    async (request, reply) => {
      const site = granted(access.site(askedOf(request)))
      const made = await administration.letIn(actorOf(request).id, request.params.id)
      const { token, expiresAt } = granted(made)
      reply.code(201)
      return { url: linkUrl(site.origin, token), expiresAt }
    },
  )

  app.get(
    '/v1/console/users/:id/sessions',
    {
      onRequest,
      schema: { hide, params, response: { 200: view<{ sessions: SessionView[] }>(), ...problems } },
    },
    async (request) => {
      const sessions = await access.sessions.list(request.params.id)
      const current = request.present?.session.id ?? null
      return { sessions: sessions.map((session) => showSession(session, current)) }
    },
  )

  app.delete(
    '/v1/console/users/:id/sessions',
    { onRequest, schema: { hide, params, response: { 204: Type.Null(), ...problems } } },
    async (request, reply) => {
      const user = await access.users.get(request.params.id)
      if (user === null) throw new Refusal('not_found', 'There is no such user.')
      await administration.endSessions(actorOf(request).id, user, request.present?.session.id)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/v1/console/users/:id/sessions/:session',
    {
      onRequest,
      schema: {
        hide,
        params: Type.Object({ id: UserId, session: Digest }),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { id, session } = request.params
      const user = await access.users.get(id)
      if (user === null) throw new Refusal('not_found', 'There is no such user.')
      granted(await administration.endSession(actorOf(request).id, user, session))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/console/invitations',
    {
      onRequest: fresh,
      schema: {
        hide,
        body: body({ name: Name, role: strings(ROLES) }),
        response: { 201: view<LinkMadeView>(), ...problems },
      },
    },
    async (request, reply) => {
      const site = granted(access.site(askedOf(request)))
      const made = await administration.invite(actorOf(request).id, request.body)
      const { token, expiresAt } = granted(made)
      reply.code(201)
      return { url: linkUrl(site.origin, token), expiresAt }
    },
  )

  app.delete(
    '/v1/console/invitations/:id',
    {
      onRequest,
      schema: {
        hide,
        params: Type.Object({ id: Digest }),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      granted(await administration.withdraw(actorOf(request).id, request.params.id))
      return reply.code(204).send(null)
    },
  )
}
