import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { no, type Outcome, ok } from './faults.js'
import { type KnownLink, LINK_MS, type Links } from './links.js'
import { type Passkeys, passkeyName } from './passkeys.js'
import type { Recorder } from './record.js'
import type { Recovery } from './recovery.js'
import type { Sessions } from './sessions.js'
import type { Site } from './site.js'
import { cleanName, type KnownUser, type Role, sameName } from './user.js'
import type { Users } from './users.js'

interface AdministrationParts {
  users: Users
  sessions: Sessions
  links: Links
  recovery: Recovery
  passkeys: Passkeys
  record: Recorder
  clock: () => number
  /** told when users or their rights changed */
  changed: () => void
}

/** An actor's id in the audit log, `user:…`, `key:…` or `cli:…`. */
type By = string

/** What users do with their own access, and administrators with everybody's. All of it is in the audit log. */
export function createAdministration(parts: AdministrationParts) {
  const { users, sessions, links, recovery, passkeys, record, clock, changed } = parts

  async function told(
    by: By,
    action: string,
    user: { id: string; name: string },
    detail: Record<string, unknown> = {},
  ): Promise<void> {
    const { id, name } = user
    await record({ actor: by, action, target: `user:${id}`, detail: { name, ...detail } })
    changed()
  }

  return {
    /** A one-time link that makes a user. @returns its token, for the only time */
    async invite(
      by: By,
      given: { name: string; role: Role },
    ): Promise<Outcome<{ token: string; id: string; expiresAt: number }>> {
      const name = cleanName(given.name)
      if (name === '') return no('name_taken', 'A user needs a name that can be seen.')
      const invited = (await links.list('invite')).some((link) => sameName(link.name, name))
      if (invited || (await users.named(name)) !== null)
        return no('name_taken', `There is a user or an invitation named ${name} already.`)
      const { role } = given
      const link = await links.make({ purpose: 'invite', name, role, userId: null, by })
      await record({
        actor: by,
        action: 'user.invite',
        target: name,
        detail: { role, hours: LINK_MS.invite / 3_600_000 },
      })
      changed()
      return ok(link)
    },

    invitations: (): Promise<KnownLink[]> => links.list('invite'),

    async withdraw(by: By, id: string): Promise<Outcome<null>> {
      const link = (await links.list('invite')).find((known) => known.id === id)
      if (link === undefined || !(await links.spend(id)))
        return no('not_found', 'There is no such invitation: it was used, withdrawn, or has ended.')
      await record({
        actor: by,
        action: 'user.uninvite',
        target: link.name,
        detail: { role: link.role },
      })
      changed()
      return ok(null)
    },

    /** A link for a user who has neither passkey nor recovery code at hand. */
    async letIn(by: By, userId: string): Promise<Outcome<{ token: string; expiresAt: number }>> {
      const user = await users.get(userId)
      if (user === null) return no('not_found', 'There is no such user.')
      if (user.identity !== null)
        return no('sign_in_elsewhere', "This user signs in with the organisation's provider.")
      if (user.disabled) return no('conflict', 'This user is disabled: enable them first.')
      const { name, role, id } = user
      const link = await links.make({ purpose: 'passkey', name, role, userId: id, by })
      await told(by, 'user.link', user)
      return ok(link)
    },

    async setRole(by: By, id: string, role: Role): Promise<Outcome<KnownUser>> {
      const before = await users.get(id)
      const outcome = await users.govern(id, { role })
      if (outcome.ok && before?.role !== role)
        await told(by, 'user.role', outcome.value, { from: before?.role, to: role })
      return outcome
    },

    /** Nobody disabled signs in, and their sessions are over. */
    async setDisabled(by: By, id: string, disabled: boolean): Promise<Outcome<KnownUser>> {
      const outcome = await users.govern(id, { disabled })
      if (!outcome.ok) return outcome
      if (disabled) await sessions.endAll(id)
      await told(by, disabled ? 'user.disable' : 'user.enable', outcome.value)
      return outcome
    },

    async remove(by: By, id: string): Promise<Outcome<KnownUser>> {
      const outcome = await users.remove(id)
      if (!outcome.ok) return outcome
      await sessions.endAll(id)
      await recovery.forget(id)
      for (const link of await links.list('passkey'))
        if (link.userId === id) await links.spend(link.id)
      await told(by, 'user.delete', outcome.value, { role: outcome.value.role })
      return outcome
    },

    async askPasskey(site: Site, user: KnownUser) {
      if (user.identity !== null)
        return no('sign_in_elsewhere', "This user signs in with the organisation's provider.")
      const { id: userId, name } = user
      return passkeys.askRegistration(site, 'add-passkey', {
        userId,
        name,
        passkeys: user.passkeys,
      })
    },

    async addPasskey(
      site: Site,
      user: KnownUser,
      step: string | undefined,
      response: RegistrationResponseJSON,
      name: string,
    ): Promise<Outcome<KnownUser>> {
      const given = cleanName(name) || passkeyName(user.passkeys)
      const made = await passkeys.register(site, 'add-passkey', step, response, given)
      if (!made.ok) return made
      // begun by somebody else who was signed in here
      if (made.value.userId !== user.id)
        return no('attempt_expired', 'This was begun by another user. Try again.')
      const outcome = await users.addPasskey(user.id, made.value.passkey)
      if (outcome.ok) await told(`user:${user.id}`, 'passkey.add', user, { passkey: given })
      return outcome
    },

    async removePasskey(user: KnownUser, passkeyId: string): Promise<Outcome<KnownUser>> {
      const outcome = await users.removePasskey(user.id, passkeyId)
      const gone = user.passkeys.find(({ id }) => id === passkeyId)
      if (outcome.ok)
        await told(`user:${user.id}`, 'passkey.remove', user, { passkey: gone?.name ?? '' })
      return outcome
    },

    async renamePasskey(
      user: KnownUser,
      passkeyId: string,
      name: string,
    ): Promise<Outcome<KnownUser>> {
      const given = cleanName(name) || passkeyName(user.passkeys)
      const outcome = await users.renamePasskey(user.id, passkeyId, given)
      if (outcome.ok) await told(`user:${user.id}`, 'passkey.rename', user, { passkey: given })
      return outcome
    },

    /** New codes; the ones before stop working. */
    async makeRecoveryCodes(user: KnownUser): Promise<Outcome<string[]>> {
      if (user.identity !== null)
        return no('sign_in_elsewhere', "This user signs in with the organisation's provider.")
      const codes = await recovery.make(user.id, clock())
      await told(`user:${user.id}`, 'recovery.make', user)
      return ok(codes)
    },

    async endSession(by: By, user: KnownUser, sessionId: string): Promise<Outcome<null>> {
      if (!(await sessions.end(sessionId, user.id)))
        return no('not_found', 'There is no such session: it is over already.')
      await told(by, 'session.end', user)
      return ok(null)
    },

    /** @param but the session that goes on */
    async endSessions(by: By, user: KnownUser, but?: string): Promise<number> {
      const ended = await sessions.endAll(user.id, but)
      await told(by, 'session.end-all', user, { ended })
      return ended
    },
  }
}
