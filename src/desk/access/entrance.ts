import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Failures } from './failures.js'
import { no, type Outcome, ok } from './faults.js'
import type { KnownLink, Links } from './links.js'
import type { Oidc, Visitor } from './oidc.js'
import { type Passkeys, passkeyName } from './passkeys.js'
import type { Recorder } from './record.js'
import type { Recovery } from './recovery.js'
import type { Browser, Sessions, SignInWay } from './sessions.js'
import type { Site } from './site.js'
import { digest } from './token.js'
import { cleanName, type KnownUser, type User } from './user.js'
import type { Users } from './users.js'

export interface EntranceParts {
  users: Users
  sessions: Sessions
  links: Links
  recovery: Recovery
  passkeys: Passkeys
  oidc: Oidc | null
  record: Recorder
  failed: Failures
  clock: () => number
  /** told when somebody came in: pages that list users and sessions read them again */
  changed: () => void
}

/** Somebody who has just signed in; the token goes into the browser's cookie and nowhere else. */
export interface SignedIn {
  user: KnownUser
  token: string
}

const SPENT = no(
  'link_spent',
  'This link was used, has ended or never was. Ask who gave it to you for another; who runs the gateway makes one with: tollgate users link',
)

/** The ways in: passkey, recovery code, one-time link, the organisation's provider. */
export function createEntrance(parts: EntranceParts) {
  const { users, sessions, links, recovery, passkeys, oidc, record, failed, clock, changed } = parts

  async function admit(user: KnownUser, way: SignInWay, browser: Browser): Promise<SignedIn> {
    const token = await sessions.open(user.id, way, browser)
    const { source } = browser
    await record({
      actor: `user:${user.id}`,
      action: 'sign-in',
      target: `user:${user.id}`,
      detail: { name: user.name, way, source },
    })
    changed()
    return { user, token }
  }

  /** The user a link makes, when it makes one. */
  const newcomer = (link: KnownLink, name: string): User => ({
    name: link.name === '' ? name : link.name,
    role: link.role,
    disabled: false,
    createdAt: clock(),
    createdBy: link.by,
    lastSignInAt: clock(),
    passkeys: [],
    identity: null,
  })

  return {
    /** With the answer of an authenticator. */
    async withPasskey(
      site: Site,
      step: string | undefined,
      response: AuthenticationResponseJSON,
      browser: Browser,
    ): Promise<Outcome<SignedIn>> {
      const outcome = await passkeys.signIn(site, step, response)
      if (outcome.ok) return ok(await admit(outcome.value, 'passkey', browser))
      await failed('passkey', outcome.error.code, browser)
      return outcome
    },

    /** With a recovery code, which is used up. */
    async withRecovery(code: string, browser: Browser): Promise<Outcome<SignedIn>> {
      const userId = await recovery.use(code)
      const user = userId === null ? null : await users.get(userId)
      if (user === null || user.disabled) {
        await failed('recovery', 'recovery_refused', browser, user?.id)
        return no('recovery_refused', 'This recovery code is none of ours, or was used before.')
      }
      const known = await users.change(user.id, (u) => ok({ ...u, lastSignInAt: clock() }))
      return known.ok ? ok(await admit(known.value, 'recovery', browser)) : known
    },

    /** What a link is for, for the page that it opens. */
    async lookAtLink(token: string, browser: Browser): Promise<Outcome<KnownLink>> {
      const link = await links.look(token)
      if (link !== null) return ok(link)
      await failed('link', 'link_spent', browser)
      return SPENT
    },

    async askThroughLink(site: Site, token: string, name: string) {
      const link = await links.look(token)
      if (link === null) return SPENT
      const user = link.userId === null ? null : await users.get(link.userId)
      return passkeys.askRegistration(site, 'link', {
        userId: user?.id ?? users.newId(),
        name: user?.name ?? (link.name === '' ? name : link.name),
        passkeys: user?.passkeys ?? [],
        linkId: link.id,
      })
    },

    /** Uses a link up: makes its user, or gives its user a passkey. @returns codes when new ones were made */
    async throughLink(
      site: Site,
      step: string | undefined,
      given: {
        token: string
        name: string
        passkeyName: string
        response: RegistrationResponseJSON
      },
      browser: Browser,
    ): Promise<Outcome<SignedIn & { recoveryCodes: string[] | null }>> {
      const link = await links.look(given.token)
      if (link === null) return SPENT
      const registered = await passkeys.register(
        site,
        'link',
        step,
        given.response,
        given.passkeyName,
      )
      if (!registered.ok) return registered
      const { passkey, userId, linkId } = registered.value
      if (linkId !== link.id) return SPENT
      let user: Outcome<KnownUser>
      if (link.purpose === 'passkey') {
        // spent first: of two who open it at the same time one gets in
        if (!(await links.spend(link.id))) return SPENT
        const known = await users.get(userId)
        if (known === null || known.disabled) return SPENT
        user = await users.addPasskey(userId, named(passkey, known))
      } else {
        // Made first: a name that is taken must not cost the link. Names are unique, so that it makes one user.
        const made = { ...newcomer(link, given.name), passkeys: [named(passkey, null)] }
        user = await users.add(userId, made, link.purpose === 'setup')
        if (user.ok) await links.spend(link.id)
        if (user.ok && link.purpose === 'setup') await links.forget('setup')
      }
      if (!user.ok) return user
      await record({
        actor: `user:${userId}`,
        action: link.purpose === 'passkey' ? 'passkey.add' : 'user.create',
        target: `user:${userId}`,
        detail: { name: user.value.name, role: user.value.role, link: link.purpose, by: link.by },
      })
      const recoveryCodes =
        (await recovery.left(userId)) === 0 ? await recovery.make(userId, clock()) : null
      return ok({ ...(await admit(user.value, 'link', browser)), recoveryCodes })
    },

    /** With what the organisation's provider sent back. */
    async withProvider(
      site: Site,
      attempt: string | undefined,
      query: string,
      browser: Browser,
    ): Promise<Outcome<SignedIn & { next: string }>> {
      if (oidc === null) return no('not_found', 'No provider is configured (console.oidc).')
      const visitor = await oidc.finish(site, attempt, query)
      const user = visitor.ok ? await userOf(visitor.value) : visitor
      if (!visitor.ok || !user.ok) {
        const { error } = visitor.ok ? (user as { error: { code: string } }) : visitor
        await failed('oidc', error.code, browser)
        return user as { ok: false; error: never }
      }
      return ok({ ...(await admit(user.value, 'oidc', browser)), next: visitor.value.next })
    },
  }

  /** The user of somebody whom the provider knows: found by issuer and subject, which never change, or made. */
  async function userOf(visitor: Visitor): Promise<Outcome<KnownUser>> {
    const { issuer, subject, role, firstRole } = visitor
    const id = `usr_${digest(`${issuer} ${subject}`).slice(0, 24)}`
    const known = await users.get(id)
    if (known?.disabled)
      return no('oidc_refused', 'This user is disabled. Ask an administrator of the console.')
    if (known !== null) {
      if (role !== null && role !== known.role) {
        // even from the last administrator: whom the organisation takes it from must not keep it
        const changed = await users.change(id, (user) => ok({ ...user, role }))
        if (!changed.ok) return changed
        await record({
          actor: `oidc:${new URL(issuer).host}`,
          action: 'user.role',
          target: `user:${id}`,
          detail: { name: known.name, from: known.role, to: role },
        })
      }
      return users.change(id, (user) => ok({ ...user, lastSignInAt: clock() }))
    }
    const host = new URL(issuer).host
    const names = [visitor.name, `${visitor.name} (${host})`, `${visitor.name} (${id.slice(-6)})`]
    let outcome: Outcome<KnownUser> = no('name_taken', 'Every name for this user is taken.')
    for (const name of names) {
      outcome = await users.add(id, {
        name: cleanName(name),
        role: firstRole,
        disabled: false,
        createdAt: clock(),
        createdBy: `oidc:${host}`,
        lastSignInAt: clock(),
        passkeys: [],
        identity: { issuer, subject },
      })
      if (outcome.ok || outcome.error.code !== 'name_taken') break
    }
    if (outcome.ok)
      await record({
        actor: `oidc:${host}`,
        action: 'user.create',
        target: `user:${id}`,
        detail: { name: outcome.value.name, role: firstRole },
      })
    return outcome
  }
}

const named = <T extends { name: string }>(passkey: T, user: KnownUser | null): T => ({
  ...passkey,
  name: passkey.name === '' ? passkeyName(user?.passkeys ?? []) : passkey.name,
})

export type Entrance = ReturnType<typeof createEntrance>
