import type { DeskParts } from '../parts.js'
import { createAdministration } from './administration.js'
import { readCookie } from './cookie.js'
import { createEntrance } from './entrance.js'
import { createFailures } from './failures.js'
import { createLinks } from './links.js'
import { createOidc } from './oidc.js'
import type { AccessOptions } from './options.js'
import { createPasskeys } from './passkeys.js'
import { recorder } from './record.js'
import { createRecovery } from './recovery.js'
import { createSealer } from './seal.js'
import { createSessions, type OpenSession } from './sessions.js'
import { type Asked, hostnameOf, isLoopback, ownSite } from './site.js'
import type { KnownUser, Role } from './user.js'
import { createUsers } from './users.js'

/** Somebody who is signed in, and the session they are signed in with. */
export interface Present {
  user: KnownUser
  session: OpenSession
}

/** What a page needs before it knows who looks at it. */
export interface AccessState {
  user: { id: string; name: string; role: Role } | null
  session: {
    way: OpenSession['way']
    endsAt: number
    /** ms without use after which it ends */
    idleMs: number
  } | null
  /** nobody can sign in yet: the link of the first administrator is printed where the gateway was started */
  setup: boolean
  /** the organisation's provider, by its host, where one is configured */
  oidc: string | null
  /** where people are to open the console; `null`: wherever they reach it */
  publicUrl: string | null
}

/** Users of the console: passkeys, sessions, roles, invitations. */
export function createAccess(
  parts: Pick<DeskParts, 'ledger' | 'clock' | 'random' | 'deskKey' | 'deployment' | 'live'>,
  options: AccessOptions = {},
) {
  const { ledger, clock, random, deskKey, live } = parts
  const { publicUrl } = parts.deployment
  const base = { store: ledger, clock, random }
  const users = createUsers(base)
  const links = createLinks(base)
  const recovery = createRecovery(base)
  const { idleMs, lifetimeMs } = options
  const sessions = createSessions({
    ...base,
    ...(idleMs !== undefined && { idleMs }),
    ...(lifetimeMs !== undefined && { lifetimeMs }),
  })
  const sealer = createSealer({ deskKey, random })
  const passkeys = createPasskeys({ ledger, users, sealer, clock, random })
  const oidc = options.oidc === undefined ? null : createOidc(options.oidc, { sealer, clock })
  const record = recorder(ledger, clock)
  const failed = createFailures(record, clock)
  const changed = () => live.emit('access')
  const all = { users, sessions, links, recovery, passkeys, oidc, record, failed, clock, changed }

  // Nothing in a simulation is anybody's: who opens it on this machine looks around as an administrator.
  const guestAt = (asked: Asked): Present | null =>
    parts.deployment.simulation && isLoopback(hostnameOf(asked.host))
      ? guestOf(clock(), sessions.lifetimeMs)
      : null

  /** Who a session's token stands for, as they are now: role and state are read every time. */
  async function present(token: string, usedAt: number | null): Promise<Present | null> {
    const session = await sessions.check(token, usedAt)
    if (session === null) return null
    const user = await users.get(session.userId)
    return user === null || user.disabled ? null : { user, session }
  }

  return {
    users,
    links,
    sessions,
    recovery,
    passkeys,
    oidc,
    record,
    present,
    /** who looks at a simulation without having signed in; `null` on a real gateway, and from elsewhere */
    guestAt,
    /** ways in */
    entrance: createEntrance(all),
    administration: createAdministration(all),
    site: (asked: Asked) => ownSite(asked, publicUrl),

    /** For `GET /v1/console/hello`: no use of the session, and no error when there is none. */
    async state(asked: Asked & { cookie: string | undefined }): Promise<AccessState> {
      const site = ownSite(asked, publicUrl)
      const token = site.ok ? readCookie(asked.cookie, 'session', site.value) : undefined
      // a cookie of another gateway that was here before is nobody's: its browser is a guest all the same
      const here = (token === undefined ? null : await present(token, null)) ?? guestAt(asked)
      const { id = '', name = '', role = 'viewer' } = here?.user ?? {}
      return {
        user: here && { id, name, role },
        session: here && {
          way: here.session.way,
          endsAt: here.session.endsAt,
          idleMs: sessions.idleMs,
        },
        setup: here === null && !(await users.any()),
        oidc: oidc?.host ?? null,
        publicUrl,
      }
    },
  }
}

/** Always just come in: a simulation's clock runs ahead of any session. */
const guestOf = (at: number, lifetimeMs: number): Present => ({
  user: {
    id: 'usr_simulation-visitor-xxxx',
    name: 'Visitor',
    role: 'admin',
    disabled: false,
    createdAt: at,
    createdBy: 'simulation',
    lastSignInAt: at,
    passkeys: [],
    identity: null,
  },
  session: {
    id: '',
    userId: 'usr_simulation-visitor-xxxx',
    createdAt: at,
    seenAt: at,
    endsAt: at + lifetimeMs,
    way: 'link',
    source: 'simulation',
    userAgent: null,
  },
})

export type Access = ReturnType<typeof createAccess>
